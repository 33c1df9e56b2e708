from fractions import Fraction
from pathlib import Path

import pytest
import torch

from hub.nodes.span import OutsideRecording
from hub.nodes.video import VideoComponents
from hub.nodes.video_components import VideoFromComponents
from hub.nodes.video_encoding import NoFrames
from hub.nodes.video_file import VideoFromFile
from tests.nodes.clips import SAMPLES, facts, greys, shown_at, sine


def video(
    images: torch.Tensor, rate: Fraction = Fraction(25), seconds: float = 0
) -> VideoFromComponents:
    audio = sine(seconds) if seconds else None
    return VideoFromComponents(VideoComponents(images=images, frame_rate=rate, audio=audio))


def steps(count: int, size: tuple[int, int] = (48, 64)) -> torch.Tensor:
    """Greys as in `clip`."""
    return (torch.arange(count) * 8 / 255).view(-1, 1, 1, 1).expand(-1, *size, 3)


def test_images_become_an_mp4_of_their_rate_and_order(tmp_path: Path) -> None:
    video(steps(12), Fraction(30000, 1001)).save_to(tmp_path / "a.mp4")
    made = VideoFromFile(tmp_path / "a.mp4")
    assert (made.get_frame_count(), made.get_frame_rate()) == (12, Fraction(30000, 1001))
    assert greys(made.get_components().images) == list(range(12))
    assert facts(tmp_path / "a.mp4")["pixels"] == ["yuv420p"]


@pytest.mark.parametrize("colour", [(200, 30, 90), (0, 255, 0), (20, 40, 250), (255, 255, 255)])
def test_colours_come_back_as_they_were(tmp_path: Path, colour: tuple[int, int, int]) -> None:
    images = (torch.tensor(colour) / 255).expand(3, 48, 64, 3)
    video(images).save_to(tmp_path / "a.mp4")
    back = VideoFromFile(tmp_path / "a.mp4").get_components().images
    assert torch.allclose(back, images, atol=3 / 255)


def test_a_longer_sound_is_cut_to_the_frames(tmp_path: Path) -> None:
    video(steps(10), seconds=3.0).save_to(tmp_path / "a.mp4")
    parts = VideoFromFile(tmp_path / "a.mp4").get_components()
    assert parts.audio is not None
    assert parts.audio["waveform"].shape[-1] / SAMPLES == pytest.approx(0.4, abs=0.03)


@pytest.mark.parametrize(("size", "written"), [((33, 51), (50, 32)), ((1, 1), (2, 2))])
def test_odd_sizes_are_made_even(
    tmp_path: Path, size: tuple[int, int], written: tuple[int, int]
) -> None:
    video(steps(3, size)).save_to(tmp_path / "a.mp4")
    assert facts(tmp_path / "a.mp4")["sizes"] == [written]


def test_one_frame_is_a_video_too(tmp_path: Path) -> None:
    video(steps(1)).save_to(tmp_path / "a.mp4")
    assert shown_at(tmp_path / "a.mp4") == [0]


def test_a_part_has_the_frames_and_the_sound_of_its_time() -> None:
    part = video(steps(25), seconds=1.0).as_trimmed(0.2, 0.4)
    assert greys(part.components.images) == list(range(5, 15))
    assert part.components.audio is not None
    assert part.components.audio["waveform"].shape[-1] == 0.4 * SAMPLES
    assert part.get_duration() == pytest.approx(0.4)
    with pytest.raises(OutsideRecording):
        part.as_trimmed(0.4)


def test_no_frames_are_no_video(tmp_path: Path) -> None:
    with pytest.raises(NoFrames):
        video(torch.zeros(0, 4, 4, 3)).save_to(tmp_path / "a.mp4")
