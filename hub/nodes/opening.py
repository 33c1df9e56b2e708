"""Opens picture files: decoded to the end, upright, with an error that names the file."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image, ImageOps, ImageSequence

from hub.errors import Invalid


class Unreadable(Invalid):
    """A file that should be a picture cannot be decoded."""

    def __init__(self, path: Path, reason: Exception) -> None:
        super().__init__(
            f"The file {path.name} cannot be read as a picture ({reason}). "
            "Give a whole file in a format that Pillow knows."
        )


@contextmanager
def decoding(path: Path) -> Iterator[None]:
    """Turns everything that Pillow raises over a broken file into `Unreadable`."""
    try:
        yield
    except (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError) as error:
        raise Unreadable(path, error) from error


def upright_frames(path: Path) -> list[Image.Image]:
    """All frames of the first one's size, turned as EXIF says.

    Of a multi-picture JPEG only the photo itself is given: what follows are previews and depths.
    """
    with decoding(path), Image.open(path) as file:
        if file.format == "MPO" or getattr(file, "n_frames", 1) == 1:
            return [turned(file)]
        copies = (frame.copy() for frame in ImageSequence.Iterator(file))
        frames = [turned(frame) for frame in copies]
    return [frame for frame in frames if frame.size == frames[0].size]


def upright(path: Path) -> Image.Image:
    """The first frame, turned as EXIF says."""
    with decoding(path), Image.open(path) as file:
        return turned(file)


def turned(picture: Image.Image) -> Image.Image:
    """`picture` itself, decoded and then turned as EXIF says."""
    picture.load()
    ImageOps.exif_transpose(picture, in_place=True)  # in place: else it copies upright ones too
    return picture
