"""Files of PhotoMaker: its network, and a LoRA that goes with it. Some have the network alone."""

from collections.abc import Iterable
from pathlib import Path

from hub.engine.models.id_encoder import IdEncoder
from hub.engine.models.model_file import below, read_tensors
from hub.engine.models.photo_maker import PhotoMaker
from hub.engine.models.weights import mapped
from hub.errors import Invalid

_NETWORK = "id_encoder."
_FUSING = "fuse_module."
_OF_THE_SECOND = "qformer_perceiver."
_NEVER_USED = ".position_ids"
_OTHER_KINDS = {
    "lora": "a LoRA (LoraLoader loads it, from the folder loras)",
    "image_proj": "an IP-Adapter",
    "model.diffusion_model.": "a whole model (CheckpointLoaderSimple loads it)",
    "vision_model.": "a CLIP vision encoder (CLIPVisionLoader loads it)",
}


class NotAPhotoMaker(Invalid):
    """A file holds something else."""

    def __init__(self, path: Path, names: Iterable[str]) -> None:
        held = list(names)
        what = next(
            (kind for part, kind in _OTHER_KINDS.items() if any(part in name for name in held)),
            "no PhotoMaker",
        )
        super().__init__(
            f"The model file {path.name} holds {what}. PhotoMakerLoader takes the first version of "
            "PhotoMaker, photomaker-v1.bin; choose that file."
        )


class NeedsAFaceRecogniser(Invalid):
    """A file holds PhotoMaker's second version."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"The model file {path.name} holds the second version of PhotoMaker, which needs a "
            "face recogniser (InsightFace) that the hub does not have. Use the first version, "
            "photomaker-v1.bin."
        )


def load_photo_maker(path: Path) -> PhotoMaker:
    """Map the network. Raises `NotAPhotoMaker`, `NeedsAFaceRecogniser`, `WeightsDoNotFit`, and
    what `read_tensors` raises."""
    held = read_tensors(path)
    tensors = below(held, _NETWORK) or held
    if any(name.startswith(_OF_THE_SECOND) for name in tensors):
        raise NeedsAFaceRecogniser(path)
    if not any(name.startswith(_FUSING) for name in tensors):
        raise NotAPhotoMaker(path, held)
    own = {name: value for name, value in tensors.items() if not name.endswith(_NEVER_USED)}
    return PhotoMaker(mapped("PhotoMaker", IdEncoder, own, path))
