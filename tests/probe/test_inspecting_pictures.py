"""What the probe says of pictures."""

import hashlib
import io
import json
from pathlib import Path

import pytest
from PIL import Image

from hub.probe.pool import ProbePool
from hub.records.media import MediaKind
from hub.testing.inbox import huge_png, jpeg, png, truncated

pytestmark = pytest.mark.asyncio(loop_scope="module")

_GPS = 0x8825


def saved(image: Image.Image, image_format: str, **options: object) -> bytes:
    content = io.BytesIO()
    image.save(content, image_format, **options)
    return content.getvalue()


async def problem_of(probe: ProbePool, path: Path, content: bytes) -> str | None:
    inspection = await probe.inspect(written(path, content))
    assert (inspection.problem is None) == (inspection.media is not None)
    return inspection.problem


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


async def test_a_whole_picture_has_hash_size_and_media(probe: ProbePool, tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(jpeg(size=(40, 30)))
    inspection = await probe.inspect(path)
    assert inspection.sha256 == hashlib.sha256(jpeg(size=(40, 30))).hexdigest()
    assert inspection.size == len(jpeg(size=(40, 30)))
    assert inspection.media is not None
    assert inspection.media.kind is MediaKind.IMAGE
    assert (inspection.media.format, inspection.media.frames) == ("jpeg", 1)
    assert (inspection.media.width, inspection.media.height) == (40, 30)


@pytest.mark.parametrize(
    "image_format", ["JPEG", "PNG", "WEBP", "AVIF", "GIF", "TIFF", "BMP", "JPEG2000", "PPM"]
)
async def test_every_format_is_whole_as_it_is_and_refused_when_cut(
    probe: ProbePool, tmp_path: Path, image_format: str
) -> None:
    content = saved(Image.effect_noise((96, 60), 60).convert("RGB"), image_format)
    assert await problem_of(probe, tmp_path / "whole", content) is None
    for missing in (1, 9, len(content) // 2):
        assert await problem_of(probe, tmp_path / "cut", content[:-missing]) is not None


async def test_a_picture_cut_short_is_said_to_end_early(probe: ProbePool, tmp_path: Path) -> None:
    whole = jpeg(size=(640, 480))
    assert await problem_of(probe, tmp_path / "a.jpg", truncated(whole)) == "JPEG ends early"
    assert await problem_of(probe, tmp_path / "a.png", png()[:-5]) == "PNG ends early"


async def test_an_animation_that_lacks_its_last_frames_is_refused(
    probe: ProbePool, tmp_path: Path
) -> None:
    frames = [Image.effect_noise((60, 60), 50 + n) for n in range(4)]
    content = saved(frames[0], "GIF", save_all=True, append_images=frames[1:])
    problem = await problem_of(probe, tmp_path / "a.gif", truncated(content))
    assert problem in ("GIF ends early", "GIF is damaged")
    (tmp_path / "a.gif").write_bytes(content)
    media = (await probe.inspect(tmp_path / "a.gif")).media
    assert media is not None
    assert media.frames == 4


async def test_what_follows_the_end_of_a_picture_does_not_matter(
    probe: ProbePool, tmp_path: Path
) -> None:
    """Phones append a short video; a thumbnail in front has an end mark of its own."""
    exif = b"Exif\0\0" + jpeg(3)
    whole = saved(Image.effect_noise((96, 60), 60).convert("RGB"), "JPEG", exif=exif)
    assert await problem_of(probe, tmp_path / "a.jpg", whole + bytes(5000)) is None
    assert await problem_of(probe, tmp_path / "a.jpg", whole[:-2]) == "JPEG ends early"
    assert await problem_of(probe, tmp_path / "a.png", png() + b"and more") is None


async def test_text_under_the_name_of_a_picture_is_not_one(
    probe: ProbePool, tmp_path: Path
) -> None:
    problem = await problem_of(probe, tmp_path / "a.png", b"Dear diary,\n" * 50)
    assert problem == "is not a picture, video or sound that can be opened"


async def test_an_empty_file_is_empty(probe: ProbePool, tmp_path: Path) -> None:
    assert await problem_of(probe, tmp_path / "a.png", b"") == "is empty"


async def test_a_damaged_beginning_is_named_after_its_format(
    probe: ProbePool, tmp_path: Path
) -> None:
    problem = await problem_of(probe, tmp_path / "a.webp", b"RIFF\xff\xff\0\0WEBPVP8 " + bytes(90))
    assert problem == "WebP is damaged or not complete"


async def test_too_many_pixels_are_refused_before_they_are_decoded(
    probe: ProbePool, tmp_path: Path
) -> None:
    """At the size where Pillow only warns as well as where it refuses by itself."""
    for side, pixels in ((13_000, 169), (20_000, 400)):
        problem = await problem_of(probe, tmp_path / "a.png", huge_png(side, side))
        assert problem == f"{pixels} million pixels is more than the 89 million that are opened"


async def test_a_file_that_is_gone_or_no_file_is_said_to_be(
    probe: ProbePool, tmp_path: Path
) -> None:
    gone = await probe.inspect(tmp_path / "gone.jpg")
    assert (gone.sha256, gone.problem) == (None, "was gone before it could be read")
    assert (await probe.inspect(tmp_path)).problem == "is not a regular file"


async def test_any_file_name_can_be_opened(probe: ProbePool, tmp_path: Path) -> None:
    for name in (b"two\nlines.jpg", b"not utf-8 \xff\xfe.jpg", "photo — é.jpg".encode()):
        path = tmp_path / name.decode(errors="surrogateescape")
        assert await problem_of(probe, path, jpeg()) is None


async def test_width_and_height_are_those_that_people_see(probe: ProbePool, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    (tmp_path / "a.jpg").write_bytes(saved(Image.new("RGB", (40, 30)), "JPEG", exif=exif))
    media = (await probe.inspect(tmp_path / "a.jpg")).media
    assert media is not None
    assert (media.width, media.height) == (30, 40)


async def test_exif_comes_by_name_and_as_json(probe: ProbePool, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010F] = "Maker"
    exif.get_ifd(0x8769).update({0x829A: (1, 50), 0x9003: "2026:01:15 12:00:00", 0x927C: b"\xff"})
    exif.get_ifd(_GPS).update({1: "N", 2: (48.0, 8.0, 0.0)})
    (tmp_path / "a.jpg").write_bytes(saved(Image.new("RGB", (4, 4)), "JPEG", exif=exif))
    media = (await probe.inspect(tmp_path / "a.jpg")).media
    assert media is not None
    assert media.exif["Make"] == "Maker"
    assert media.exif["DateTimeOriginal"] == "2026:01:15 12:00:00"
    assert media.exif["GPSLatitude"] == [48.0, 8.0, 0.0]
    assert "MakerNote" not in media.exif
    assert json.loads(json.dumps(media.exif, allow_nan=False)) == media.exif


async def test_alpha_is_noticed(probe: ProbePool, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(png(alpha=100))
    (tmp_path / "a.jpg").write_bytes(jpeg())
    with_alpha = (await probe.inspect(tmp_path / "a.png")).media
    without = (await probe.inspect(tmp_path / "a.jpg")).media
    assert with_alpha is not None
    assert without is not None
    assert (with_alpha.alpha, without.alpha) == (True, False)
