"""Pictures that the probe encodes anew."""

import io
from pathlib import Path

import pytest
from PIL import Image

from hub.probe.messages import Channel, Format
from hub.probe.pool import NoConversion, ProbePool
from hub.testing.inbox import png

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def converted(
    probe: ProbePool, path: Path, how: Format, channel: Channel = Channel.ALL
) -> Image.Image:
    return Image.open(io.BytesIO(await probe.converted(path, how, 90, channel)))


@pytest.mark.parametrize(
    ("how", "mode"), [(Format.WEBP, "RGBA"), (Format.JPEG, "RGB"), (Format.PNG, "RGBA")]
)
async def test_a_picture_keeps_its_size_and_what_the_format_can_hold(
    probe: ProbePool, tmp_path: Path, how: Format, mode: str
) -> None:
    (tmp_path / "a.png").write_bytes(png(size=(30, 20), alpha=99))
    made = await converted(probe, tmp_path / "a.png", how)
    assert (made.format, made.size, made.mode) == (how.value.upper(), (30, 20), mode)


async def test_colours_and_transparency_are_given_apart(probe: ProbePool, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(png(alpha=99))
    colours = await converted(probe, tmp_path / "a.png", Format.PNG, Channel.COLOURS)
    alpha = await converted(probe, tmp_path / "a.png", Format.PNG, Channel.TRANSPARENCY)
    assert colours.mode == "RGB"
    assert alpha.getpixel((0, 0)) == (0, 0, 0, 99)


@pytest.mark.parametrize("content", [b"", b"no picture", png()[:60]])
async def test_what_is_no_whole_picture_is_refused(
    probe: ProbePool, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "a.png").write_bytes(content)
    with pytest.raises(NoConversion, match=r"a\.png cannot be converted"):
        await probe.converted(tmp_path / "a.png", Format.PNG, 90, Channel.ALL)
