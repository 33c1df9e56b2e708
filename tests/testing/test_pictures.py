"""The demo's pictures are what they claim to be."""

from pathlib import Path

import pytest
from PIL import ExifTags, Image, ImageOps, ImageStat

from hub.testing.pictures import CAMERA, photograph, write_cutout, write_photograph

SIZE = (300, 200)


def brightness(picture: Image.Image, box: tuple[int, int, int, int]) -> float:
    return ImageStat.Stat(picture.convert("L").crop(box)).mean[0]


def test_the_same_seed_gives_the_same_picture() -> None:
    assert photograph(3, SIZE).tobytes() == photograph(3, SIZE).tobytes()
    assert photograph(3, SIZE).tobytes() != photograph(4, SIZE).tobytes()


@pytest.mark.parametrize("orientation", [1, 3, 6])
def test_the_sky_is_up_once_the_orientation_is_applied(tmp_path: Path, orientation: int) -> None:
    write_photograph(tmp_path / "photo.jpg", seed=1, size=SIZE, orientation=orientation)
    with Image.open(tmp_path / "photo.jpg") as stored:
        assert stored.size == SIZE
        upright = ImageOps.exif_transpose(stored)
    width, height = upright.size
    sky = brightness(upright, (0, 0, width, height // 2))
    assert sky > brightness(upright, (0, height // 2, width, height)) + 20


def test_a_photograph_carries_camera_and_colour_profile(tmp_path: Path) -> None:
    write_photograph(tmp_path / "photo.jpg", seed=1, size=SIZE, orientation=6)
    with Image.open(tmp_path / "photo.jpg") as stored:
        exif = stored.getexif()
        assert {tag: exif[tag] for tag in CAMERA} == CAMERA
        assert exif[ExifTags.Base.Orientation] == 6
        assert stored.info["icc_profile"][36:40] == b"acsp"


def test_a_cutout_is_opaque_in_the_middle_and_clear_at_the_corners(tmp_path: Path) -> None:
    write_cutout(tmp_path / "cutout.png", seed=1, size=SIZE)
    with Image.open(tmp_path / "cutout.png") as stored:
        assert stored.mode == "RGBA"
        alpha = stored.getchannel("A")
        assert alpha.getpixel((150, 100)) == 255
        assert alpha.getpixel((0, 0)) == 0
