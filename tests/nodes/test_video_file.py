import io
from fractions import Fraction
from pathlib import Path

import av
import pytest
import torch

from hub.errors import Invalid
from hub.nodes.media_opening import EndsEarly, NoVideo, Unplayable
from hub.nodes.span import OutsideRecording
from hub.nodes.video import TooManyFrames, VideoCodec, VideoContainer
from hub.nodes.video_file import VideoFromFile
from hub.nodes.video_scaled import ScaledVideo
from hub.testing.inbox import truncated
from tests.nodes.clips import SAMPLES, clip, facts, greys, packet_bytes, shown_at


def test_a_file_tells_its_facts_and_its_frames(tmp_path: Path) -> None:
    video = VideoFromFile(clip(tmp_path / "a.mp4", tags={"prompt": "{}"}))
    assert video.get_dimensions() == (64, 48)
    assert video.get_duration() == 1.0
    assert (video.get_frame_count(), video.get_frame_rate()) == (25, Fraction(25))
    assert "mp4" in video.get_container_format().split(",")
    parts = video.get_components()
    assert parts.images.shape == (25, 48, 64, 3)
    assert greys(parts.images) == list(range(25))
    assert parts.metadata == {"prompt": "{}"}
    assert parts.audio is not None
    assert parts.audio["sample_rate"] == SAMPLES
    assert parts.audio["waveform"].shape[:2] == (1, 2)
    assert float(parts.audio["waveform"][..., 2000:40_000].abs().max()) == pytest.approx(
        0.5, abs=0.02
    )


def test_what_fits_is_copied_bit_for_bit(tmp_path: Path) -> None:
    source = clip(tmp_path / "a.mp4", tags={"title": "Sea"}, turned=90)
    VideoFromFile(source).save_to(tmp_path / "b.mp4", metadata={"workflow": {"ö": 1}})
    assert packet_bytes(tmp_path / "b.mp4") == packet_bytes(source)
    tags = facts(tmp_path / "b.mp4")["tags"]
    assert (tags["title"], tags["workflow"]) == ("Sea", '{"\\u00f6": 1}')
    assert VideoFromFile(tmp_path / "b.mp4").get_dimensions() == (48, 64)
    assert shown_at(tmp_path / "b.mp4") == shown_at(source)


def test_a_copy_keeps_the_sound(tmp_path: Path) -> None:
    source = clip(tmp_path / "a.mp4")
    VideoFromFile(source).save_to(tmp_path / "b.mp4")
    before, after = (VideoFromFile(tmp_path / name).get_components() for name in ("a.mp4", "b.mp4"))
    assert before.audio is not None
    assert after.audio is not None
    assert torch.equal(before.audio["waveform"], after.audio["waveform"])


@pytest.mark.parametrize(
    ("name", "codec", "sound"),
    [("a.webm", "libvpx-vp9", "libopus"), ("a.avi", "mpeg4", "mp3"), ("a.mkv", "libx264", "flac")],
)
def test_other_files_are_encoded(tmp_path: Path, name: str, codec: str, sound: str) -> None:
    video = VideoFromFile(clip(tmp_path / name, codec=codec, sound=sound))
    video.save_to(tmp_path / "b.mp4", VideoContainer.MP4, VideoCodec.H264)
    found = facts(tmp_path / "b.mp4")
    assert (found["codecs"], found["pixels"]) == (["h264", "aac"], ["yuv420p"])
    made = VideoFromFile(tmp_path / "b.mp4")
    assert greys(made.get_components().images) == list(range(25))
    assert made.get_duration() == pytest.approx(1.0, abs=0.041)  # AVI may show nothing at first


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.webm", "a.ts"])
@pytest.mark.parametrize(("start", "duration"), [(0.32, 0.4), (0.4, 0.04), (0.64, 0), (-0.2, 0)])
def test_a_part_has_exactly_the_frames_asked_for(
    tmp_path: Path, name: str, start: float, duration: float
) -> None:
    codec = "libvpx-vp9" if name.endswith("webm") else "libx264"
    whole = VideoFromFile(clip(tmp_path / name, codec=codec, sound=None))
    total = whole.get_duration()
    part = whole.as_trimmed(start, duration)
    begin = round(25 * (start if start >= 0 else total + start))
    expected = list(range(begin, begin + round(25 * duration) if duration else 25))
    assert greys(part.get_components().images) == expected
    assert part.get_frame_count() == len(expected)
    part.save_to(tmp_path / "b.mp4")
    assert greys(VideoFromFile(tmp_path / "b.mp4").get_components().images) == expected
    assert shown_at(tmp_path / "b.mp4")[0] == 0


def test_the_sound_of_a_part_is_that_of_its_time(tmp_path: Path) -> None:
    whole = VideoFromFile(clip(tmp_path / "a.mp4"))
    part = whole.as_trimmed(0.2, 0.4)
    all_of_it, cut = whole.get_components().audio, part.get_components().audio
    assert all_of_it is not None
    assert cut is not None
    assert cut["waveform"].shape[-1] == 0.4 * SAMPLES
    expected = all_of_it["waveform"][..., int(0.2 * SAMPLES) : int(0.6 * SAMPLES)]
    assert torch.allclose(cut["waveform"], expected, atol=1e-3)


def test_a_part_of_a_part_counts_from_the_part(tmp_path: Path) -> None:
    part = VideoFromFile(clip(tmp_path / "a.mp4")).as_trimmed(0.2, 0.6).as_trimmed(0.2, 0.2)
    assert greys(part.get_components().images) == [10, 11, 12, 13, 14]
    assert part.get_duration() == pytest.approx(0.2)


def test_what_lies_outside_is_refused(tmp_path: Path) -> None:
    video = VideoFromFile(clip(tmp_path / "a.mp4"))
    with pytest.raises(OutsideRecording, match=r"lasts 1\.000 s and does not have all from 3 s on"):
        video.as_trimmed(3)
    with pytest.raises(OutsideRecording, match=r"2 s from 0\.5 s on"):
        video.as_trimmed(0.5, 2, strict_duration=True)
    assert video.as_trimmed(0.5, 2).get_duration() == 0.5


def test_frames_at_uneven_times_keep_their_times(tmp_path: Path) -> None:
    times = [0, 1, 2, 10, 11, 30, 31]
    source = clip(tmp_path / "a.mkv", frames=7, times=times, sound=None)
    VideoFromFile(source).save_to(tmp_path / "b.mp4")
    assert shown_at(tmp_path / "b.mp4") == [time / 25 for time in times]


@pytest.mark.parametrize(("degrees", "bar"), [(90, "left"), (-90, "right"), (180, "bottom")])
def test_a_turned_video_is_read_upright(tmp_path: Path, degrees: int, bar: str) -> None:
    video = VideoFromFile(clip(tmp_path / "a.mp4", frames=3, turned=degrees, sound=None))
    video.as_trimmed(0.04).save_to(tmp_path / "b.mp4")
    for each in (video, VideoFromFile(tmp_path / "b.mp4")):
        image = each.get_components().images[0]
        assert each.get_dimensions() == (image.shape[1], image.shape[0])
        edges = {"left": image[:, 2], "right": image[:, -3], "bottom": image[-3], "top": image[2]}
        assert [name for name, edge in edges.items() if edge.mean() > 0.9] == [bar]


def test_odd_sizes_lose_their_last_row_and_column(tmp_path: Path) -> None:
    source = clip(tmp_path / "a.webm", codec="libvpx-vp9", size=(51, 33), sound=None)
    assert VideoFromFile(source).get_dimensions() == (51, 33)
    VideoFromFile(source).save_to(tmp_path / "b.mp4")
    assert facts(tmp_path / "b.mp4")["sizes"] == [(50, 32)]


def test_a_video_is_scaled_while_it_passes(tmp_path: Path) -> None:
    small = ScaledVideo(VideoFromFile(clip(tmp_path / "a.mp4")), 32, 24).as_trimmed(0.4, 0.2)
    small.save_to(tmp_path / "b.mp4")
    assert facts(tmp_path / "b.mp4")["sizes"] == [(32, 24)]
    assert greys(small.get_components().images) == [10, 11, 12, 13, 14]


def test_a_video_in_memory_is_read_as_often_as_one_likes(tmp_path: Path) -> None:
    content = io.BytesIO(clip(tmp_path / "a.mp4").read_bytes())
    video = VideoFromFile(content)
    assert greys(video.get_components().images) == greys(video.get_components().images)
    target = io.BytesIO()
    video.as_trimmed(0.2).save_to(target)
    assert VideoFromFile(target).get_frame_count() == 20


def test_the_source_of_a_whole_file_is_its_path(tmp_path: Path) -> None:
    video = VideoFromFile(clip(tmp_path / "a.mp4"))
    assert video.get_stream_source() == str(tmp_path / "a.mp4")
    part = video.as_trimmed(0.2, 0.2).get_stream_source()
    assert isinstance(part, io.BytesIO)
    assert VideoFromFile(part).get_frame_count() == 5


def test_a_video_without_sound_has_none(tmp_path: Path) -> None:
    video = VideoFromFile(clip(tmp_path / "a.mp4", sound=None))
    assert video.get_components().audio is None
    video.as_trimmed(0.2).save_to(tmp_path / "b.mp4")
    assert facts(tmp_path / "b.mp4")["codecs"] == ["h264"]


def test_files_that_are_no_video_are_refused_by_name(tmp_path: Path) -> None:
    text = tmp_path / "notes.mp4"
    text.write_text("not a video")
    with pytest.raises(Unplayable, match=r"notes\.mp4 cannot be read"):
        VideoFromFile(text).get_dimensions()
    playlist = tmp_path / "list.mp4"
    playlist.write_text(f"#EXTM3U\n#EXTINF:2,\nfile://{clip(tmp_path / 'a.ts')}\n#EXT-X-ENDLIST\n")
    with pytest.raises(Unplayable):
        VideoFromFile(playlist).get_dimensions()


def test_a_sound_is_no_video(tmp_path: Path) -> None:
    whole = clip(tmp_path / "a.mp4")
    song = tmp_path / "song.m4a"
    _without_video(whole, song)
    with pytest.raises(NoVideo, match=r"song\.m4a has no video"):
        VideoFromFile(song).get_duration()


@pytest.mark.parametrize("faststart", [True, False])
def test_a_file_broken_off_is_refused_and_not_shortened(tmp_path: Path, faststart: bool) -> None:
    path = clip(tmp_path / "a.mp4", faststart=faststart)
    path.write_bytes(truncated(path.read_bytes()))
    for act in ("get_components", "save_to"):
        arguments = (tmp_path / "b.mp4",) if act == "save_to" else ()
        with pytest.raises(EndsEarly if faststart else Unplayable):
            getattr(VideoFromFile(path), act)(*arguments)


def test_more_frames_than_memory_holds_are_refused_before_reading(tmp_path: Path) -> None:
    huge = ScaledVideo(VideoFromFile(clip(tmp_path / "a.mp4")), 1_000_000, 1_000_000)
    with pytest.raises(TooManyFrames, match="25 frames of 1000000×1000000"):
        huge.get_components()


def test_the_progress_may_stop_the_writing(tmp_path: Path) -> None:
    def stop(seconds: float) -> None:
        raise Invalid(f"stopped at {seconds}")

    with pytest.raises(Invalid, match="stopped"):
        VideoFromFile(clip(tmp_path / "a.mp4")).save_to(tmp_path / "b.mp4", progress=stop)


def _without_video(source: Path, target: Path) -> None:
    with av.open(str(source)) as whole, av.open(str(target), "w", format="mp4") as song:
        track = song.add_stream_from_template(whole.streams.audio[0])
        for packet in whole.demux(audio=0):
            if packet.size:
                packet.stream = track
                song.mux(packet)
