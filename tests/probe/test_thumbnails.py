"""Small pictures made by the probe."""

import io
from pathlib import Path

import pytest
from PIL import Image

from hub.probe.pool import NoThumbnail, ProbePool
from hub.testing.inbox import jpeg, png
from tests.probe.test_inspecting_recordings import film

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def opened(probe: ProbePool, path: Path, longest_side: int) -> Image.Image:
    return Image.open(io.BytesIO(await probe.thumbnail(path, longest_side)))


async def test_a_thumbnail_fits_the_longest_side(probe: ProbePool, tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(jpeg(size=(800, 400)))
    image = await opened(probe, tmp_path / "a.jpg", 100)
    assert (image.format, image.size) == ("JPEG", (100, 50))


async def test_a_small_picture_is_not_blown_up(probe: ProbePool, tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(jpeg(size=(20, 10)))
    assert (await opened(probe, tmp_path / "a.jpg", 100)).size == (20, 10)


async def test_what_is_transparent_becomes_white(probe: ProbePool, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(png(alpha=0))
    image = await opened(probe, tmp_path / "a.png", 16)
    assert image.getpixel((5, 5)) == (255, 255, 255)


async def test_a_thumbnail_stands_upright(probe: ProbePool, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 8
    Image.new("RGB", (60, 30)).save(tmp_path / "a.jpg", exif=exif)
    assert (await opened(probe, tmp_path / "a.jpg", 100)).size == (30, 60)


async def test_a_video_is_shown_by_its_first_frame(probe: ProbePool, tmp_path: Path) -> None:
    assert (await opened(probe, film(tmp_path / "a.mp4"), 32)).size == (32, 24)


async def test_of_a_text_there_is_none(probe: ProbePool, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_text("no picture")
    with pytest.raises(NoThumbnail, match=r"no thumbnail of a\.png: it is not a picture"):
        await probe.thumbnail(tmp_path / "a.png", 32)
