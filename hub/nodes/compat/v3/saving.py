"""Helpers with which nodes of the third node API write pictures and sounds.

`cls` is the class as its method has it: the workflow in its hidden values goes into the files.
"""

from typing import Any

from PIL.PngImagePlugin import PngInfo
from torch import Tensor

from hub.nodes.animations import METHODS, png_chunks, webp_exif, write_animation
from hub.nodes.compat.running import as_running_node
from hub.nodes.compat.v3.shown import SavedAudios, SavedImages, SavedResult
from hub.nodes.compat.v3.widget_types import FolderType
from hub.nodes.media_tags import workflow_tags
from hub.nodes.saving import text_chunks, write_pngs
from hub.nodes.sound import Audio
from hub.nodes.sound_encoding import FLAC, SoundEncoding, mp3, opus
from hub.nodes.sound_files import write_sounds
from hub.records.output import OutputFolder


class ImageSaveHelper:
    """Pictures as PNG, and moving ones as PNG or WebP."""

    @staticmethod
    def save_images(
        images: Tensor,
        filename_prefix: str,
        folder_type: FolderType,
        cls: Any,
        compress_level: int = 4,
    ) -> list[SavedResult]:
        text = PngInfo() if cls is None else text_chunks(*_workflow(cls))
        folder = OutputFolder(folder_type)
        with as_running_node():
            items = write_pngs(images, filename_prefix, folder, text, compress_level=compress_level)
        return [SavedResult(**item) for item in items]

    @staticmethod
    def get_save_images_ui(
        images: Tensor, filename_prefix: str, cls: Any, compress_level: int = 4
    ) -> SavedImages:
        output = FolderType.output
        saved = ImageSaveHelper.save_images(images, filename_prefix, output, cls, compress_level)
        return SavedImages(saved)

    @staticmethod
    def save_animated_png(
        images: Tensor,
        filename_prefix: str,
        folder_type: FolderType,
        cls: Any,
        fps: float,
        compress_level: int,
    ) -> SavedResult:
        chunks = png_chunks(*_workflow(cls))
        options = {"pnginfo": chunks, "compress_level": compress_level}
        return _animation(images, filename_prefix, folder_type, fps, "PNG", **options)

    @staticmethod
    def get_save_animated_png_ui(
        images: Tensor, filename_prefix: str, cls: Any, fps: float, compress_level: int
    ) -> SavedImages:
        saved = ImageSaveHelper.save_animated_png(
            images, filename_prefix, FolderType.output, cls, fps, compress_level
        )
        return SavedImages([saved], is_animated=len(images) > 1)

    @staticmethod
    def save_animated_webp(
        images: Tensor,
        filename_prefix: str,
        folder_type: FolderType,
        cls: Any,
        fps: float,
        lossless: bool,
        quality: int,
        method: int | str,
    ) -> SavedResult:
        options = {
            "exif": webp_exif(*_workflow(cls)),
            "lossless": lossless,
            "quality": quality,
            "method": METHODS.get(method, method) if isinstance(method, str) else method,
        }
        return _animation(images, filename_prefix, folder_type, fps, "WEBP", **options)

    @staticmethod
    def get_save_animated_webp_ui(
        images: Tensor,
        filename_prefix: str,
        cls: Any,
        fps: float,
        lossless: bool,
        quality: int,
        method: int | str,
    ) -> SavedImages:
        saved = ImageSaveHelper.save_animated_webp(
            images, filename_prefix, FolderType.output, cls, fps, lossless, quality, method
        )
        return SavedImages([saved], is_animated=len(images) > 1)


class AudioSaveHelper:
    """Sounds as FLAC, MP3 or Opus."""

    @staticmethod
    def save_audio(
        audio: Audio,
        filename_prefix: str,
        folder_type: FolderType,
        cls: Any,
        format: str = "flac",  # noqa: A002 - the documented name
        quality: str = "128k",
    ) -> list[SavedResult]:
        tags = {} if cls is None else workflow_tags(*_workflow(cls))
        encoding = _encoding(format, quality)
        folder = OutputFolder(folder_type)
        with as_running_node():
            items = write_sounds(audio, filename_prefix, encoding, format, tags, folder)
        return [SavedResult(**item) for item in items]

    @staticmethod
    def get_save_audio_ui(
        audio: Audio,
        filename_prefix: str,
        cls: Any,
        format: str = "flac",  # noqa: A002 - the documented name
        quality: str = "128k",
    ) -> SavedAudios:
        output = FolderType.output
        saved = AudioSaveHelper.save_audio(audio, filename_prefix, output, cls, format, quality)
        return SavedAudios(saved)


def _animation(
    images: Tensor,
    prefix: str,
    folder_type: FolderType,
    fps: float,
    kind: str,
    **options: Any,
) -> SavedResult:
    with as_running_node():
        folder = OutputFolder(folder_type)
        return SavedResult(**write_animation(images, prefix, folder, fps, kind, **options))


def _workflow(cls: Any) -> tuple[Any, Any]:
    """The prompt and its extras, as far as the class asked for them."""
    hidden = getattr(cls, "hidden", None)
    return getattr(hidden, "prompt", None), getattr(hidden, "extra_pnginfo", None)


def _encoding(ending: str, quality: str) -> SoundEncoding:
    match ending:
        case "flac":
            return FLAC
        case "mp3":
            return mp3(quality)
        case "opus":
            return opus(quality)
    raise ValueError(f"Sounds are written as flac, mp3 or opus, not as {ending!r}.")
