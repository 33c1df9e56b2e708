"""`nodes.SaveImage` and `nodes.PreviewImage` as packs derive from them.

Where and how such a class saves stands in its instance: packs set `type`, `output_dir`,
`prefix_append` and `compress_level`, and then call `save_images`.
"""

import secrets
import string
from pathlib import Path
from typing import Any, ClassVar

from hub.errors import Invalid
from hub.nodes.compat.installed import installed
from hub.nodes.saving import text_chunks, write_pngs
from hub.records.output import OutputFolder


class SavesElsewhere(Invalid):
    """A pack wants pictures where the hub keeps none."""

    def __init__(self, folder: str, kind: str) -> None:
        super().__init__(
            f"The node saves into {folder}, which is not in the hub's folder for files of the type "
            f"{kind!r}. Have it save into that one, and copy files with `output.save`."
        )


class SavingView:
    """What both have. Derived classes need not call `__init__`."""

    type: str
    prefix_append = ""
    compress_level = 4
    output_dir: str | None = None
    _TYPE: ClassVar[OutputFolder]

    def __init__(self) -> None:
        self.type = self._TYPE.value
        self.output_dir = str(_root(self._TYPE))

    def save_images(
        self,
        images: Any,
        filename_prefix: str = "ComfyUI",
        prompt: Any = None,
        extra_pnginfo: Any = None,
    ) -> dict[str, Any]:
        """Write each image [height, width, channels] of a batch as a PNG; gives `ui`.

        Raises `SavesElsewhere`.
        """
        folder = OutputFolder.TEMP if self.type == OutputFolder.TEMP else OutputFolder.OUTPUT
        prefix = self._below(folder) + filename_prefix + self.prefix_append
        text = text_chunks(prompt, extra_pnginfo)
        items = write_pngs(images, prefix, folder, text, compress_level=self.compress_level)
        return {"ui": {"images": items}, "result": ()}

    def _below(self, folder: OutputFolder) -> str:
        """Where below its root it saves, as the beginning of a name."""
        if self.output_dir is None:
            return ""
        root = _root(folder)
        place = Path(self.output_dir).absolute()
        if not place.is_relative_to(root):
            raise SavesElsewhere(self.output_dir, folder)
        below = place.relative_to(root).as_posix()
        return "" if below == "." else f"{below}/"


class SaveImageView(SavingView):
    type = _TYPE = OutputFolder.OUTPUT


class PreviewImageView(SavingView):
    """Its names have letters of each instance's own, lest a browser show an older picture."""

    type = _TYPE = OutputFolder.TEMP
    compress_level = 1

    def __init__(self) -> None:
        super().__init__()
        letters = "".join(secrets.choice(string.ascii_lowercase) for _ in range(5))
        self.prefix_append = f"_temp_{letters}"


def _root(folder: OutputFolder) -> Path:
    folders = installed().folders
    return (folders.temp if folder is OutputFolder.TEMP else folders.output).absolute()
