"""The demo's three pictures: what goes in, and whether what came out is right."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import ExifTags, Image, ImageStat

from hub.testing.pictures import CAMERA, write_cutout, write_photograph

LONGEST_SIDE = 1600


@dataclass(frozen=True, kw_only=True)
class Picture:
    """One picture on its way: `source` is dropped into `inbox`, results appear in `results`."""

    source: Path
    what: str
    about: str
    inbox: Path
    results: Path
    check: Callable[["Picture"], Iterator[str]]

    @property
    def name(self) -> str:
        return self.source.name

    @property
    def webp(self) -> Path:
        return self.results / f"{self.source.stem}.webp"

    @property
    def jpeg(self) -> Path:
        return self.results / f"{self.source.stem}.jpg"

    def drop(self) -> None:
        """Copy it into the inbox, as anybody would."""
        shutil.copy(self.source, self.inbox)

    def faults(self) -> list[str]:
        """What is wrong with the results, in sentences; empty when all is well."""
        places = {
            "WebP": self.webp,
            "JPEG": self.jpeg,
            "original": self.inbox / "processed" / self.name,
        }
        missing = [f"no {what} at {path}" for what, path in places.items() if not path.exists()]
        return missing or [*self.check(self)]


def make_pictures(folder: Path, config: Path, number: int) -> list[Picture]:
    """Make them in `folder`; another `number` gives other pictures under other names."""
    inbox, results = config / "inbox", config / "out"

    def picture(what: str, about: str, check: Callable[[Picture], Iterator[str]]) -> Picture:
        source = folder / f"demo-{number}-{what}"
        return Picture(
            source=source, what=what, about=about, inbox=inbox, results=results, check=check
        )

    pictures = [
        picture("portrait.jpg", "photo, camera held upright", photograph_faults),
        picture("landscape.jpg", "photo, camera upside down", photograph_faults),
        picture("cutout.png", "drawing with transparency", cutout_faults),
    ]
    portrait, landscape, cutout = (picture.source for picture in pictures)
    write_photograph(portrait, seed=number, orientation=6)
    write_photograph(landscape, seed=number + 1, orientation=3)
    write_cutout(cutout, seed=number + 2)
    return pictures


def photograph_faults(picture: Picture) -> Iterator[str]:
    """Both results have the right size, stand upright, and kept camera and colour profile."""
    with Image.open(picture.source) as source:
        profile = source.info["icc_profile"]
        turned = source.getexif()[ExifTags.Base.Orientation] == 6
    expected = (1067, LONGEST_SIDE) if turned else (LONGEST_SIDE, 1067)
    for path in (picture.webp, picture.jpeg):
        with Image.open(path) as result:
            exif = result.getexif()
            if result.size != expected:
                yield f"{path.name} has {result.size} pixels instead of {expected}"
            if exif.get(ExifTags.Base.Orientation, 1) != 1 or not has_sky_above(result):
                yield f"{path.name} does not stand upright"
            if any(exif.get(tag) != value for tag, value in CAMERA.items()):
                yield f"{path.name} does not tell the camera"
            if result.info.get("icc_profile") != profile:
                yield f"{path.name} has another colour profile"


def cutout_faults(picture: Picture) -> Iterator[str]:
    """The WebP is clear at the corners, the JPEG white; both have the right size."""
    for path, mode, corner in (
        (picture.webp, "RGBA", (0,)),
        (picture.jpeg, "RGB", (255, 255, 255)),
    ):
        with Image.open(path) as result:
            if max(result.size) != LONGEST_SIDE:
                yield f"{path.name} has {result.size} pixels"
            if result.mode != mode:
                yield f"{path.name} is {result.mode} instead of {mode}"
            else:
                seen = result.getchannel("A") if mode == "RGBA" else result
                pixel = seen.getpixel((0, 0))
                found = pixel if isinstance(pixel, tuple) else (pixel,)
                if any(abs((a or 0) - b) > 3 for a, b in zip(found, corner, strict=True)):
                    yield f"{path.name} is not clear at its corner: {found}"


def has_sky_above(picture: Image.Image) -> bool:
    """Whether the upper half is brighter, as in all pictures of `hub.testing.pictures`."""
    grey = picture.convert("L")
    width, height = grey.size
    upper = grey.crop((0, 0, width, height // 2))
    lower = grey.crop((0, height // 2, width, height))
    return ImageStat.Stat(upper).mean[0] > ImageStat.Stat(lower).mean[0]
