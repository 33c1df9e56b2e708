"""What nodes of the third node API may ask of the engine."""

from PIL import Image
from torch import Tensor

from hub.nodes.compat.running import running, tell_preview, tell_progress
from hub.nodes.pixels import picture_of
from hub.nodes.previews import LONGEST_SIDE

Picture = Image.Image | Tensor
"""A picture, or images of which the first is meant."""


class ExecutionSync:
    """About the node that is being carried out."""

    def set_progress(
        self,
        value: float,
        max_value: float,
        node_id: str | None = None,
        preview_image: Picture | None = None,
        ignore_size_limit: bool = False,
    ) -> None:
        """How far it is, and what it has so far; also where a cancelled run stops.

        Raises `ValueError` where no node is running and none is named.
        """
        if running() is None and node_id is None:
            raise ValueError("No node is being carried out, so node_id must be given.")
        tell_progress(value, max_value)
        if preview_image is not None:
            tell_preview(_picture(preview_image), None if ignore_size_limit else LONGEST_SIDE)


class Execution:
    """The same for asynchronous nodes."""

    async def set_progress(
        self,
        value: float,
        max_value: float,
        node_id: str | None = None,
        preview_image: Picture | None = None,
        ignore_size_limit: bool = False,
    ) -> None:
        ExecutionSync().set_progress(value, max_value, node_id, preview_image, ignore_size_limit)


class ComfyAPI:
    """For asynchronous nodes. Each version has a class of its own, with the same methods."""

    VERSION = "latest"
    STABLE = False

    def __init__(self) -> None:
        self.execution = Execution()


class ComfyAPISync:
    """For nodes that are not asynchronous."""

    VERSION = "latest"
    STABLE = False

    def __init__(self) -> None:
        self.execution = ExecutionSync()


def _picture(given: Picture) -> Image.Image:
    if isinstance(given, Image.Image):
        return given
    return picture_of(given[0] if given.ndim == 4 else given)
