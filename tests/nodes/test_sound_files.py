import json
from pathlib import Path

import pytest
import torch

from hub.errors import Invalid
from hub.nodes.api import Node
from hub.nodes.media_opening import NoSound
from hub.nodes.sound_encoding import NothingToHear
from hub.nodes.sound_files import (
    LoadAudio,
    PreviewAudio,
    RecordAudio,
    SaveAudio,
    SaveAudioMP3,
    SaveAudioOpus,
)
from hub.records.output import OutputFolder
from hub.testing.inbox import truncated
from hub.testing.nodes import NodeBench
from tests.nodes.clips import clip, facts, sine


def test_flac_gives_back_what_was_saved(bench: NodeBench) -> None:
    audio = sine(0.5, rate=44_100)
    bench.run(SaveAudio, audio=audio)
    (file,) = bench.files
    assert bench.ui == {"audio": [file.item()]}
    (back,) = bench.run(LoadAudio, audio="audio/ComfyUI_00001_.flac [output]")
    assert back["sample_rate"] == 44_100
    assert torch.allclose(back["waveform"], audio["waveform"], atol=2**-22)


@pytest.mark.parametrize(
    ("node", "codec"), [(SaveAudio, "flac"), (SaveAudioMP3, "mp3"), (SaveAudioOpus, "opus")]
)
def test_every_kind_of_file_holds_the_workflow(
    tmp_path: Path, node: type[Node], codec: str
) -> None:
    bench = NodeBench(tmp_path, prompt={"1": {}}, extra_pnginfo={"workflow": {"ö": 1}})
    bench.run(node, audio=sine(0.5))
    found = facts(bench.files[0].path)
    assert (found["codecs"], found["rates"], found["channels"]) == ([codec], [48_000], [2])
    assert json.loads(found["tags"]["prompt"]) == {"1": {}}
    assert json.loads(found["tags"]["workflow"]) == {"ö": 1}


@pytest.mark.parametrize(
    ("node", "ending", "quality"),
    [(SaveAudioMP3, "mp3", q) for q in ("V0", "128k", "320k")]
    + [(SaveAudioOpus, "opus", q) for q in ("64k", "320k")],
)
def test_lossy_files_sound_alike(
    bench: NodeBench, node: type[Node], ending: str, quality: str
) -> None:
    bench.run(node, audio=sine(1.0, rate=44_100, channels=1), quality=quality)
    (back,) = bench.run(LoadAudio, audio=f"audio/ComfyUI_00001_.{ending} [output]")
    middle = back["waveform"][0, 0, 5000:30_000]
    assert float(middle.square().mean().sqrt()) == pytest.approx(
        0.5 / 2**0.5,
        rel=0.06,  # LAME makes a 128k a little quieter, so that nothing clips
    )
    crossings = ((middle[:-1] < 0) & (middle[1:] >= 0)).sum()
    assert int(crossings) == pytest.approx(440 * len(middle) / back["sample_rate"], abs=1)


def test_rates_that_a_codec_lacks_become_the_next_higher(bench: NodeBench) -> None:
    bench.run(SaveAudioOpus, audio=sine(0.2, rate=22_050))
    assert facts(bench.files[0].path)["rates"] == [48_000]
    bench.run(SaveAudioMP3, audio=sine(0.2, rate=96_000))
    assert facts(bench.files[0].path)["rates"] == [48_000]


def test_each_sound_of_a_batch_is_a_file(bench: NodeBench) -> None:
    bench.run(SaveAudio, audio=sine(0.1, batch=3), filename_prefix="a%batch_num%")
    assert [file.path.name[:2] for file in bench.files] == ["a0", "a1", "a2"]


def test_a_preview_goes_into_the_temporary_folder(bench: NodeBench) -> None:
    bench.run(PreviewAudio, audio=sine(0.1))
    assert [file.folder for file in bench.files] == [OutputFolder.TEMP]


@pytest.mark.parametrize("node", [LoadAudio, RecordAudio])
def test_the_sound_of_a_video_can_be_loaded(bench: NodeBench, node: type[Node]) -> None:
    bench.add_input("a.mp4", clip(bench.folder / "made.mp4").read_bytes())
    (audio,) = bench.run(node, audio="a.mp4")
    assert audio["waveform"].shape[1] == 2


def test_a_silent_video_has_no_sound_to_load(bench: NodeBench) -> None:
    bench.add_input("a.mp4", clip(bench.folder / "made.mp4", sound=None).read_bytes())
    with pytest.raises(NoSound, match=r"a\.mp4 has no sound"):
        bench.run(LoadAudio, audio="a.mp4")


def test_a_sound_broken_off_is_refused(bench: NodeBench) -> None:
    content = clip(bench.folder / "made.mp4", faststart=True).read_bytes()
    bench.add_input("a.mp4", truncated(content))
    with pytest.raises(Invalid, match="ends early"):
        bench.run(LoadAudio, audio="a.mp4")


def test_an_empty_sound_is_not_written(bench: NodeBench) -> None:
    with pytest.raises(NothingToHear):
        bench.run(SaveAudio, audio=sine(0))
