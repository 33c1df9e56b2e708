"""What the probe says of video and sound."""

from fractions import Fraction
from pathlib import Path
from typing import Any, cast

import av
import pytest
from PIL import Image

from hub.probe.pool import ProbePool
from hub.records.media import MediaKind
from hub.testing.inbox import truncated

pytestmark = pytest.mark.asyncio(loop_scope="module")


def film(path: Path, frames: int = 50, codec: str = "mpeg4", **options: str) -> Path:
    """A video of noise, 64×48, 25 frames a second."""
    with av.open(str(path), "w", options=options) as container:
        stream: Any = container.add_stream(codec, rate=Fraction(25))
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for _ in range(frames):
            picture = Image.effect_noise((64, 48), 80).convert("RGB")
            container.mux(stream.encode(_frame(picture)))
        container.mux(stream.encode())
    return path


def begun_later(source: Path, path: Path, *, seconds: float) -> Path:
    """The same packets, those before `seconds` hidden by an edit list."""
    with av.open(str(source)) as whole, av.open(str(path), "w") as container:
        stream = container.add_stream_from_template(whole.streams.video[0])
        for packet in whole.demux(video=0):
            if packet.pts is not None and packet.dts is not None:
                shift = round(seconds / packet.time_base)
                packet.pts, packet.dts = packet.pts - shift, packet.dts - shift
                packet.stream = stream
                container.mux(packet)
    return path


def _frame(picture: Image.Image) -> av.VideoFrame:
    make: Any = av.VideoFrame.from_image  # has no types
    return cast(av.VideoFrame, make(picture))


def song(path: Path, codec: str, blocks: int = 60) -> Path:
    """Silence, mono, 44,100 samples a second, in blocks of 1024."""
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream(codec, rate=44_100, layout="mono")
        for block in range(blocks):
            frame = av.AudioFrame(format="s16", layout="mono", samples=1024)
            frame.sample_rate, frame.pts = 44_100, block * 1024
            frame.planes[0].update(bytes(frame.planes[0].buffer_size))
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


async def test_a_video_has_size_frames_rate_and_duration(probe: ProbePool, tmp_path: Path) -> None:
    media = (await probe.inspect(film(tmp_path / "a.mp4"))).media
    assert media is not None
    assert (media.kind, media.format) == (MediaKind.VIDEO, "mov")
    assert (media.width, media.height, media.frames, media.fps) == (64, 48, 50, 25.0)
    assert media.duration == pytest.approx(2.0, abs=0.05)


async def test_a_sound_has_a_duration_and_no_picture(probe: ProbePool, tmp_path: Path) -> None:
    media = (await probe.inspect(song(tmp_path / "a.flac", "flac"))).media
    assert media is not None
    assert (media.kind, media.width) == (MediaKind.AUDIO, None)
    assert media.duration == pytest.approx(60 * 1024 / 44_100, abs=0.05)


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.avi"])
async def test_a_video_broken_off_is_refused(probe: ProbePool, tmp_path: Path, name: str) -> None:
    path = film(tmp_path / name)
    assert (await probe.inspect(path)).problem is None
    path.write_bytes(truncated(path.read_bytes()))
    inspection = await probe.inspect(path)
    assert inspection.media is None
    assert inspection.sha256 is not None


async def test_a_video_with_its_index_in_front_is_said_to_end_early(
    probe: ProbePool, tmp_path: Path
) -> None:
    path = film(tmp_path / "a.mp4", movflags="faststart")
    path.write_bytes(truncated(path.read_bytes()))
    assert (await probe.inspect(path)).problem == "MP4 ends early"


async def test_a_video_whose_beginning_a_phone_has_hidden_is_whole(
    probe: ProbePool, tmp_path: Path
) -> None:
    path = begun_later(film(tmp_path / "a.mp4"), tmp_path / "b.mp4", seconds=1.0)
    inspection = await probe.inspect(path)
    assert inspection.problem is None
    assert inspection.media is not None
    assert inspection.media.duration == pytest.approx(1.0, abs=0.05)
    path.write_bytes(truncated(path.read_bytes()))
    assert (await probe.inspect(path)).media is None


async def test_a_sound_broken_off_is_refused(probe: ProbePool, tmp_path: Path) -> None:
    path = song(tmp_path / "a.wav", "pcm_s16le")
    assert (await probe.inspect(path)).problem is None
    path.write_bytes(truncated(path.read_bytes()))
    assert (await probe.inspect(path)).problem == "WAV ends early"


async def test_a_playlist_opens_no_other_file(probe: ProbePool, tmp_path: Path) -> None:
    video = film(tmp_path / "a.ts", codec="mpeg2video")
    playlist = tmp_path / "a.mp4"
    playlist.write_text(f"#EXTM3U\n#EXTINF:2,\nfile://{video}\n#EXT-X-ENDLIST\n")
    problem = (await probe.inspect(playlist)).problem
    assert problem == "is not a picture, video or sound that can be opened"
