"""An IMAGE as files hold it.

Most photos are only brought to another size and written again. Turning each into a tensor for that,
and back, costs a tenth of the whole run's time and three times the memory; and as Pillow resizes in
8 bits, nothing is gained. So nodes that hand pictures on take and give them as `Pictures`. They say
so with `takes_pictures` in their schema; for all others the engine makes a tensor.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from PIL import Image
from torch import Tensor

from hub.nodes.pixels import batch_of, image_of, is_sixteen_bit, picture_of


@dataclass(frozen=True, slots=True, eq=False)
class Pictures:
    """RGB pictures of 8 bits and of one size. They are shared, and so never changed in place."""

    frames: tuple[Image.Image, ...]

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """That of the tensor: batch, height, width, channels."""
        width, height = self.frames[0].size
        return len(self.frames), height, width, 3

    def tensor(self) -> Tensor:
        """float32 [batch, height, width, 3], 0…1."""
        return batch_of(map(image_of, self.frames), len(self.frames))

    def resized(self, width: int, height: int) -> Self:
        """Resampled by Lanczos' method, which smooths when it shrinks."""
        lanczos = Image.Resampling.LANCZOS
        return type(self)(tuple(frame.resize((width, height), lanczos) for frame in self.frames))

    def cut(self, left: int, top: int, width: int, height: int) -> Self:
        """A rectangle of each, in pixels. It lies inside."""
        box = (left, top, left + width, top + height)
        return type(self)(tuple(frame.crop(box) for frame in self.frames))


Images = Tensor | Pictures
"""An IMAGE in either form."""


def images_of(pictures: list[Image.Image]) -> Images:
    """The colours of decoded pictures of any mode and of one size, which it takes over."""
    if any(map(is_sixteen_bit, pictures)):
        return batch_of(map(image_of, pictures), len(pictures))
    return Pictures(tuple(map(_bare_rgb, pictures)))


def tensor_of(images: Images) -> Tensor:
    """An IMAGE in either form as a tensor."""
    return images.tensor() if isinstance(images, Pictures) else images


def pictures_of(images: Images) -> Iterator[Image.Image]:
    """Each image as a picture of its own, to be changed or written at will; rounds to nearest."""
    if isinstance(images, Pictures):
        # Written as well: Pillow keeps the options of a file in the picture that it is writing,
        # and another run may be writing the same one.
        return (frame.copy() for frame in images.frames)
    return (picture_of(image) for image in images)


def cut(images: Images, left: int, top: int, width: int, height: int) -> Images:
    """A rectangle, in pixels, that lies inside; of a tensor it is a view."""
    if isinstance(images, Pictures):
        return images.cut(left, top, width, height)
    return images[:, top : top + height, left : left + width]


def _bare_rgb(picture: Image.Image) -> Image.Image:
    """Without what the file said besides its pixels, which Pillow would write again."""
    rgb = picture if picture.mode == "RGB" else picture.convert("RGB")
    rgb.info = {}
    return rgb
