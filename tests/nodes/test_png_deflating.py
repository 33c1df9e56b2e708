import io
import zlib
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from hub.nodes.png_deflating import Filter, deflate_pngs, filtered
from hub.testing.pictures import photograph

SHAPES = {"L": (), "LA": (2,), "RGB": (3,), "RGBA": (4,)}
sides = st.integers(1, 90)


@pytest.fixture
def deflated(monkeypatch: pytest.MonkeyPatch) -> None:
    """PNGs are compressed by ISA-L during this test."""
    monkeypatch.setattr(Image, "ENCODERS", {})
    deflate_pngs()


def png(picture: Image.Image, **options: Any) -> bytes:
    content = io.BytesIO()
    picture.save(content, "PNG", **options)
    return content.getvalue()


def chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Each chunk's kind and data; fails if a checksum is wrong."""
    place = 8
    while place < len(content):
        length = int.from_bytes(content[place : place + 4])
        body = content[place + 4 : place + 8 + length]
        checksum = int.from_bytes(content[place + 8 + length : place + 12 + length])
        assert checksum == zlib.crc32(body)
        yield body[:4], body[4:]
        place += 12 + length


def stored_rows(content: bytes) -> bytes:
    """The pixels as the file stores them, by the standard library."""
    return zlib.decompress(b"".join(data for kind, data in chunks(content) if kind == b"IDAT"))


def by_zlib(picture: Image.Image, **options: Any) -> bytes:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Image, "ENCODERS", {})
        return png(picture, **options)


@pytest.mark.usefixtures("deflated")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), mode=st.sampled_from(list(SHAPES)), width=sides, height=sides)
def test_any_picture_is_read_as_it_was(
    data: st.DataObject, mode: str, width: int, height: int
) -> None:
    shape = (height, width, *SHAPES[mode])
    picture = Image.fromarray(data.draw(arrays(np.uint8, shape, fill=st.integers(0, 255))))
    assert picture.mode == mode
    content = png(picture, compress_level=4)
    assert len(stored_rows(content)) == height * (1 + width * len(mode))
    assert Image.open(io.BytesIO(content)).tobytes() == picture.tobytes()


@pytest.mark.usefixtures("deflated")
@pytest.mark.parametrize("size", [(1, 70_000), (300_000, 2), (900, 700)])
def test_pictures_that_are_compressed_in_parts_are_read_as_they_were(size: tuple[int, int]) -> None:
    picture = photograph(1, (90, 60)).resize(size)
    assert Image.open(io.BytesIO(png(picture))).tobytes() == picture.tobytes()


@pytest.mark.usefixtures("deflated")
def test_photos_take_no_more_room_than_by_zlib() -> None:
    photo = photograph(2, (600, 400))
    assert len(png(photo, compress_level=4)) <= len(by_zlib(photo, compress_level=4))


@pytest.mark.usefixtures("deflated")
def test_smooth_pictures_and_drawn_ones_have_filters_of_their_own() -> None:
    drawn = np.zeros((200, 200, 3), np.uint8)
    drawn[50:150, 50:150] = 255
    assert stored_rows(png(Image.fromarray(drawn)))[0] == Filter.NONE
    noise = np.random.default_rng(1).normal(0, 6, (200, 200, 3))
    smooth = np.asarray(photograph(3, (200, 200))) + noise
    grainy = Image.fromarray(smooth.clip(0, 255).astype(np.uint8))
    assert stored_rows(png(grainy))[0] == Filter.AVERAGE


def test_filters_are_those_of_the_specification() -> None:
    rows = np.array([[10, 20, 5, 250]], np.uint8)
    above = np.array([4, 8, 255, 255], np.uint8)
    assert list(filtered(rows, above, Filter.NONE, 2)) == [0, 10, 20, 5, 250]
    assert list(filtered(rows, above, Filter.SUB, 2)) == [1, 10, 20, (5 - 10) % 256, 230]
    # Halves of what is left and above: (0+4)/2, (0+8)/2, (10+255)/2 and (20+255)/2, rounded down.
    assert list(filtered(rows, above, Filter.AVERAGE, 2)) == [
        *(3, 10 - 2, 20 - 4, (5 - 132) % 256, 250 - 137)
    ]


@pytest.mark.usefixtures("deflated")
@pytest.mark.parametrize(
    ("mode", "options"),
    [
        ("RGB", {"compress_level": 9}),
        ("RGB", {"compress_level": 0}),
        ("RGB", {"optimize": True}),
        ("P", {}),
        ("1", {}),
        ("I;16", {}),
    ],
)
def test_what_isa_l_has_no_answer_to_is_left_to_zlib(mode: str, options: dict[str, Any]) -> None:
    picture = photograph(4, (120, 80)).convert("L" if mode == "I;16" else mode).convert(mode)
    assert png(picture, **options) == by_zlib(picture, **options)


@pytest.mark.usefixtures("deflated")
def test_frames_of_animations_are_compressed_too() -> None:
    frames = [photograph(number, (80, 50)) for number in range(3)]
    content = png(frames[0], save_all=True, append_images=frames[1:])
    assert [kind for kind, _ in chunks(content)].count(b"fdAT") >= 2
    with Image.open(io.BytesIO(content)) as animation:
        for number, frame in enumerate(frames):
            animation.seek(number)
            assert animation.convert("RGB").tobytes() == frame.tobytes()
