"""Progress, and bringing pictures to another size."""

from typing import Any

from torch import Tensor

from hub.nodes.compat.not_yet import not_yet
from hub.nodes.compat.running import tell_progress
from hub.nodes.resampling import cut_to_ratio, resampled

__getattr__ = not_yet("comfy.utils")
PROGRESS_BAR_ENABLED = True


class ProgressBar:
    """How far a node is; also where a cancelled run stops. Previews are not shown yet."""

    def __init__(self, total: float, node_id: str | None = None) -> None:
        self.total = total
        self.current: float = 0

    def update(self, value: float) -> None:
        self.update_absolute(self.current + value)

    def update_absolute(
        self, value: float, total: float | None = None, preview: Any = None
    ) -> None:
        if total is not None:
            self.total = total
        self.current = min(value, self.total)
        tell_progress(self.current, self.total)


def common_upscale(
    samples: Tensor, width: int, height: int, upscale_method: str, crop: str
) -> Tensor:
    """[batch, channels, height, width] at another size; `crop` is `center` or `disabled`."""
    images = samples.movedim(1, -1)
    if crop == "center":
        images = cut_to_ratio(images, width, height)
    return resampled(images, width, height, upscale_method).movedim(-1, 1)
