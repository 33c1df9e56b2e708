"""The names that packs know as `comfy_api.latest.ui`: what a node shows, and files it shows.

The files are staged as those of our own nodes are: the hub gives them their final names when it
publishes them, also in what the node shows.
"""

from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from hub.nodes.compat.installed import installed
from hub.nodes.compat.not_yet import not_yet
from hub.nodes.compat.v3.saving import AudioSaveHelper as AudioSaveHelper
from hub.nodes.compat.v3.saving import ImageSaveHelper as ImageSaveHelper
from hub.nodes.compat.v3.shown import PreviewText as PreviewText
from hub.nodes.compat.v3.shown import PreviewVideo as PreviewVideo
from hub.nodes.compat.v3.shown import SavedAudios as SavedAudios
from hub.nodes.compat.v3.shown import SavedImages as SavedImages
from hub.nodes.compat.v3.shown import SavedResult as SavedResult
from hub.nodes.compat.v3.shown import UIOutput
from hub.nodes.compat.v3.widget_types import FolderType as FolderType
from hub.nodes.naming import preview_prefix
from hub.nodes.pixels import picture_of
from hub.nodes.resampling import planes
from hub.nodes.sound import Audio

__getattr__ = not_yet("comfy_api.latest.ui")
_UIOutput = UIOutput


class PreviewImage(UIOutput):
    """Images, written as temporary files."""

    def __init__(self, image: Tensor, animated: bool = False, cls: Any = None, **_: Any) -> None:
        self.values = ImageSaveHelper.save_images(
            image, preview_prefix(), FolderType.temp, cls, compress_level=1
        )
        self.animated = animated

    def as_dict(self) -> dict[str, Any]:
        return {"images": self.values, "animated": (self.animated,)}


class PreviewMask(PreviewImage):
    """Masks in grey, white where they are 1."""

    def __init__(self, mask: Tensor, animated: bool = False, cls: Any = None, **_: Any) -> None:
        grey = planes(mask)[..., None].expand(-1, -1, -1, 3)
        super().__init__(grey, animated, cls)


class PreviewAudio(UIOutput):
    """A sound, written as a temporary file."""

    def __init__(self, audio: Audio, cls: Any = None, **_: Any) -> None:
        self.values = AudioSaveHelper.save_audio(audio, preview_prefix(), FolderType.temp, cls)

    def as_dict(self) -> dict[str, Any]:
        return {"audio": self.values}


class PreviewUI3D(UIOutput):
    """A model in a viewer. `bg_image` is what stands behind it: an image."""

    def __init__(
        self, model_file: str, camera_info: Any, bg_image: Tensor | None = None, **_: Any
    ) -> None:
        self.model_file = model_file
        self.camera_info = camera_info
        self.bg_image_path = None if bg_image is None else _background(bg_image)

    def as_dict(self) -> dict[str, Any]:
        return {"result": [self.model_file, self.camera_info, self.bg_image_path]}


def _background(image: Tensor) -> str:
    """Written where it stays: its name is no file item, in which the hub would put another."""
    name = f"{preview_prefix()}.png"
    picture_of(torch.as_tensor(image)[0]).save(Path(installed().folders.temp) / name)
    return f"temp/{name}"
