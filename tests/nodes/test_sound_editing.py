import pytest
import torch

from hub.nodes.sound import Audio, NotStereo
from hub.nodes.sound_editing import (
    AudioAdjustVolume,
    AudioConcat,
    AudioMerge,
    EmptyAudio,
    JoinAudioChannels,
    SplitAudioChannels,
    TrimAudioDuration,
)
from hub.nodes.span import OutsideRecording
from hub.testing.nodes import NodeBench
from tests.nodes.clips import sine


def level(value: float, samples: int = 100, channels: int = 2, rate: int = 100) -> Audio:
    return {"waveform": torch.full((1, channels, samples), value), "sample_rate": rate}


def ramp() -> Audio:
    """Two seconds of 100 samples each; sample n is n."""
    return {"waveform": torch.arange(200.0).view(1, 1, 200), "sample_rate": 100}


def test_silence_has_the_length_asked_for(bench: NodeBench) -> None:
    (audio,) = bench.run(EmptyAudio, duration=1.5, sample_rate=8000, channels=1)
    assert audio["waveform"].shape == (1, 1, 12_000)
    assert not audio["waveform"].any()


@pytest.mark.parametrize(
    ("start", "duration", "expected"),
    [(0.5, 0.5, (50, 99)), (-0.5, 60, (150, 199)), (-9, 0.1, (0, 9)), (1.9, 5, (190, 199))],
)
def test_a_sound_is_cut_to_the_sample(
    bench: NodeBench, start: float, duration: float, expected: tuple[int, int]
) -> None:
    (part,) = bench.run(TrimAudioDuration, audio=ramp(), start_index=start, duration=duration)
    samples = part["waveform"].flatten().tolist()
    assert (samples[0], samples[-1], len(samples)) == (*expected, expected[1] - expected[0] + 1)


def test_a_part_behind_the_end_is_refused(bench: NodeBench) -> None:
    with pytest.raises(OutsideRecording, match=r"lasts 2\.000 s"):
        bench.run(TrimAudioDuration, audio=ramp(), start_index=2.0)


def test_channels_are_split_and_joined(bench: NodeBench) -> None:
    waveform = torch.tensor([[[1.0, 2.0], [3.0, 4.0]]])
    left, right = bench.run(SplitAudioChannels, audio={"waveform": waveform, "sample_rate": 9})
    assert (left["waveform"].tolist(), right["waveform"].tolist()) == ([[[1, 2]]], [[[3, 4]]])
    (both,) = bench.run(JoinAudioChannels, audio_left=left, audio_right=right)
    assert torch.equal(both["waveform"], waveform)


def test_mono_cannot_be_split(bench: NodeBench) -> None:
    with pytest.raises(NotStereo, match="1 channels"):
        bench.run(SplitAudioChannels, audio=ramp())


@pytest.mark.parametrize(("direction", "expected"), [("after", [1, 2]), ("before", [2, 1])])
def test_sounds_follow_each_other(bench: NodeBench, direction: str, expected: list[int]) -> None:
    mono = level(2, channels=1)
    (both,) = bench.run(AudioConcat, audio1=level(1), audio2=mono, direction=direction)
    assert both["waveform"].shape == (1, 2, 200)
    assert both["waveform"][0, 1, [0, 199]].tolist() == expected


def test_the_higher_rate_wins_and_the_pitch_stays(bench: NodeBench) -> None:
    low, high = sine(0.5, rate=24_000), sine(0.5, rate=48_000)
    (both,) = bench.run(AudioConcat, audio1=low, audio2=high)
    assert both["sample_rate"] == 48_000
    assert both["waveform"].shape[-1] == pytest.approx(48_000, abs=64)
    first, second = both["waveform"][..., 2000:20_000], high["waveform"][..., 2000:20_000]
    assert torch.allclose(first, second, atol=0.01)


@pytest.mark.parametrize(
    ("method", "expected"), [("add", 0.7), ("mean", 0.35), ("subtract", 0.3), ("multiply", 0.1)]
)
def test_sounds_are_heard_at_once(bench: NodeBench, method: str, expected: float) -> None:
    (both,) = bench.run(
        AudioMerge, audio1=level(0.5), audio2=level(0.2, samples=150), merge_method=method
    )
    assert both["waveform"].shape == (1, 2, 100)
    assert torch.allclose(both["waveform"], torch.tensor(expected))


def test_what_comes_out_too_loud_is_made_quieter_as_a_whole(bench: NodeBench) -> None:
    (both,) = bench.run(
        AudioMerge, audio1=level(0.8), audio2=level(0.8, samples=50), merge_method="add"
    )
    assert both["waveform"][0, 0, [0, 99]].tolist() == pytest.approx([1.0, 0.5])


def test_twenty_decibels_are_ten_times_the_level(bench: NodeBench) -> None:
    (louder,) = bench.run(AudioAdjustVolume, audio=level(0.05), volume=20)
    assert torch.allclose(louder["waveform"], torch.tensor(0.5))
