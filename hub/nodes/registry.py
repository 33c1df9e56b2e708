"""The built-in nodes, all of them in one list."""

from hub.errors import Conflict
from hub.nodes.animations import SaveAnimatedPNG, SaveAnimatedWEBP
from hub.nodes.api import Node
from hub.nodes.batches import ImageFromBatch, RebatchImages, RepeatImageBatch
from hub.nodes.blending import ImageBlend
from hub.nodes.canny import Canny
from hub.nodes.compositing import ImageBatch, ImageCompositeMasked
from hub.nodes.contact_sheet import ContactSheet
from hub.nodes.dataset_images import (
    AdjustBrightness,
    AdjustContrast,
    CenterCropImages,
    NormalizeImages,
    RandomCropImages,
    ResizeImagesByLongerEdge,
    ResizeImagesByShorterEdge,
)
from hub.nodes.dataset_lists import (
    ImageDeduplication,
    ImageGrid,
    MergeImageLists,
    ShuffleDataset,
    ShuffleImageTextDataset,
)
from hub.nodes.dataset_texts import (
    AddTextPrefix,
    AddTextSuffix,
    ReplaceText,
    StripWhitespace,
    TextToLowercase,
    TextToUppercase,
    TruncateText,
)
from hub.nodes.filters import ImageBlur, ImageInvert, ImageSharpen
from hub.nodes.fitting import ImageFit
from hub.nodes.generating import EmptyImage
from hub.nodes.loading import LoadImage, LoadImageMask, LoadImageOutput
from hub.nodes.logic import ComfySwitchNode, CustomCombo
from hub.nodes.mask_shaping import FeatherMask, GrowMask, MaskComposite
from hub.nodes.masks import (
    CropMask,
    ImageColorToMask,
    ImageToMask,
    InvertMask,
    MaskToImage,
    SolidMask,
    ThresholdMask,
)
from hub.nodes.morphological import Morphology
from hub.nodes.noise import ImageAddNoise
from hub.nodes.padding import ImagePadForOutpaint, ResizeAndPadImage
from hub.nodes.photo import LoadPhoto, SavePhoto
from hub.nodes.preview_any import PreviewAny
from hub.nodes.primitives import (
    PrimitiveBoolean,
    PrimitiveFloat,
    PrimitiveInt,
    PrimitiveString,
    PrimitiveStringMultiline,
)
from hub.nodes.quantizing import ImageQuantize
from hub.nodes.saving import MaskPreview, PreviewImage, SaveImage
from hub.nodes.scaling import ImageCrop, ImageScale, ImageScaleBy
from hub.nodes.sound_editing import (
    AudioAdjustVolume,
    AudioConcat,
    AudioMerge,
    EmptyAudio,
    JoinAudioChannels,
    SplitAudioChannels,
    TrimAudioDuration,
)
from hub.nodes.sound_files import (
    LoadAudio,
    PreviewAudio,
    RecordAudio,
    SaveAudio,
    SaveAudioMP3,
    SaveAudioOpus,
)
from hub.nodes.stitching import ImageStitch
from hub.nodes.string_regex import RegexExtract, RegexMatch, RegexReplace
from hub.nodes.strings import (
    CaseConverter,
    StringCompare,
    StringConcatenate,
    StringContains,
    StringLength,
    StringReplace,
    StringSubstring,
    StringTrim,
)
from hub.nodes.target_sizes import (
    FluxKontextImageScale,
    GetImageSize,
    ImageScaleToMaxDimension,
    ImageScaleToTotalPixels,
)
from hub.nodes.titled_card import TitledCard
from hub.nodes.transparency import JoinImageWithAlpha, PorterDuffImageComposite, SplitImageWithAlpha
from hub.nodes.turning import ImageFlip, ImageRotate
from hub.nodes.video_nodes import (
    CreateVideo,
    GetVideoComponents,
    LoadVideo,
    SaveVideo,
    VideoScale,
    VideoSlice,
)
from hub.nodes.watermark import ImageWatermark
from hub.nodes.webm import SaveWEBM
from hub.nodes.yuv import ImageRGBToYUV, ImageYUVToRGB

BUILTIN: tuple[type[Node], ...] = (
    AddTextPrefix,
    AddTextSuffix,
    AdjustBrightness,
    AdjustContrast,
    AudioAdjustVolume,
    AudioConcat,
    AudioMerge,
    Canny,
    CaseConverter,
    CenterCropImages,
    ComfySwitchNode,
    ContactSheet,
    CreateVideo,
    CropMask,
    CustomCombo,
    EmptyAudio,
    EmptyImage,
    FeatherMask,
    FluxKontextImageScale,
    GetImageSize,
    GetVideoComponents,
    GrowMask,
    ImageAddNoise,
    ImageBatch,
    ImageBlend,
    ImageBlur,
    ImageColorToMask,
    ImageCompositeMasked,
    ImageCrop,
    ImageDeduplication,
    ImageFit,
    ImageFlip,
    ImageFromBatch,
    ImageGrid,
    ImageInvert,
    ImagePadForOutpaint,
    ImageQuantize,
    ImageRGBToYUV,
    ImageRotate,
    ImageScale,
    ImageScaleBy,
    ImageScaleToMaxDimension,
    ImageScaleToTotalPixels,
    ImageSharpen,
    ImageStitch,
    ImageToMask,
    ImageWatermark,
    ImageYUVToRGB,
    InvertMask,
    JoinAudioChannels,
    JoinImageWithAlpha,
    LoadAudio,
    LoadImage,
    LoadImageMask,
    LoadImageOutput,
    LoadPhoto,
    LoadVideo,
    MaskComposite,
    MaskPreview,
    MaskToImage,
    MergeImageLists,
    Morphology,
    NormalizeImages,
    PorterDuffImageComposite,
    PreviewAny,
    PreviewAudio,
    PreviewImage,
    PrimitiveBoolean,
    PrimitiveFloat,
    PrimitiveInt,
    PrimitiveString,
    PrimitiveStringMultiline,
    RandomCropImages,
    RebatchImages,
    RecordAudio,
    RegexExtract,
    RegexMatch,
    RegexReplace,
    RepeatImageBatch,
    ReplaceText,
    ResizeAndPadImage,
    ResizeImagesByLongerEdge,
    ResizeImagesByShorterEdge,
    SaveAnimatedPNG,
    SaveAnimatedWEBP,
    SaveAudio,
    SaveAudioMP3,
    SaveAudioOpus,
    SaveImage,
    SavePhoto,
    SaveVideo,
    SaveWEBM,
    ShuffleDataset,
    ShuffleImageTextDataset,
    SolidMask,
    SplitAudioChannels,
    SplitImageWithAlpha,
    StringCompare,
    StringConcatenate,
    StringContains,
    StringLength,
    StringReplace,
    StringSubstring,
    StringTrim,
    StripWhitespace,
    TextToLowercase,
    TextToUppercase,
    ThresholdMask,
    TitledCard,
    TrimAudioDuration,
    TruncateText,
    VideoScale,
    VideoSlice,
)


class DuplicateNode(Conflict):
    """Two classes claim one name."""

    def __init__(self, name: str, first: type[Node], second: type[Node]) -> None:
        super().__init__(
            f"Node class {name!r} is declared by {first.__module__} and {second.__module__}. "
            "Rename one of them."
        )


def builtin_nodes() -> dict[str, type[Node]]:
    """Every built-in class by its `class_type`. Raises `DuplicateNode`."""
    return by_class_type(BUILTIN)


def by_class_type(nodes: tuple[type[Node], ...]) -> dict[str, type[Node]]:
    """Classes by the names they declare. Raises `DuplicateNode` before any is taken."""
    found: dict[str, type[Node]] = {}
    for node in nodes:
        name = node.define_schema().class_type
        if name in found:
            raise DuplicateNode(name, found[name], node)
        found[name] = node
    return found
