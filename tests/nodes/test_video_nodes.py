import json
from pathlib import Path

import pytest
import torch

from hub.nodes.video_nodes import (
    CreateVideo,
    GetVideoComponents,
    LoadVideo,
    SaveVideo,
    VideoScale,
    VideoSlice,
)
from hub.nodes.webm import SaveWEBM
from hub.testing.nodes import NodeBench
from tests.nodes.clips import clip, facts, greys, packet_bytes, sine


def loaded(bench: NodeBench) -> object:
    content = clip(bench.folder / "made.mp4").read_bytes()
    bench.add_input("a.mp4", content)
    (video,) = bench.run(LoadVideo, file="a.mp4")
    return video


def test_a_video_that_fits_is_saved_as_it_is_with_its_workflow(tmp_path: Path) -> None:
    bench = NodeBench(tmp_path, prompt={"1": {}}, extra_pnginfo={"workflow": {"nodes": []}})
    bench.run(SaveVideo, video=loaded(bench))
    (file,) = bench.files
    assert bench.ui == {"images": [file.item()], "animated": [True]}
    assert bench.ui["images"][0]["subfolder"] == "video"
    assert (file.width, file.height, file.path.suffix) == (64, 48, ".mp4")
    assert packet_bytes(file.path) == packet_bytes(tmp_path / "made.mp4")
    tags = facts(file.path)["tags"]
    assert json.loads(tags["prompt"]) == {"1": {}}
    assert json.loads(tags["workflow"]) == {"nodes": []}


def test_a_part_is_saved_smaller_and_tells_how_far_it_is(bench: NodeBench) -> None:
    (part,) = bench.run(VideoSlice, video=loaded(bench), start_time=0.4, duration=0.4)
    (small,) = bench.run(VideoScale, video=part, width=32, height=0)
    bench.run(SaveVideo, video=small)
    assert facts(bench.files[0].path)["sizes"] == [(32, 24)]
    assert all(0 <= value <= maximum for value, maximum in bench.steps)
    assert len(bench.steps) > 10


def test_scaling_to_nothing_leaves_the_video_alone(bench: NodeBench) -> None:
    video = loaded(bench)
    assert bench.run(VideoScale, video=video, width=0, height=0) == (video,)


def test_a_video_is_taken_apart_and_put_together(bench: NodeBench) -> None:
    images, audio, fps = bench.run(GetVideoComponents, video=loaded(bench))
    assert (greys(images), fps) == (list(range(25)), 25.0)
    (again,) = bench.run(CreateVideo, images=images, audio=audio, fps=fps)
    bench.run(SaveVideo, video=again)
    assert facts(bench.files[0].path)["codecs"] == ["h264", "aac"]


def test_another_content_under_the_name_is_another_video(bench: NodeBench) -> None:
    loaded(bench)
    before = bench.fingerprint(LoadVideo, file="a.mp4")
    bench.add_input("a.mp4", b"other")
    assert bench.fingerprint(LoadVideo, file="a.mp4") != before


@pytest.mark.parametrize(("codec", "pixels"), [("vp9", "yuv420p"), ("av1", "yuv420p10le")])
def test_images_become_a_webm_with_the_workflow(tmp_path: Path, codec: str, pixels: str) -> None:
    bench = NodeBench(tmp_path, prompt={"1": {}})
    bench.run(SaveWEBM, images=torch.rand(4, 48, 64, 3), codec=codec, fps=12.5)
    (file,) = bench.files
    assert bench.ui == {"images": [file.item()], "animated": [True]}
    found = facts(file.path)
    assert (found["codecs"], found["pixels"]) == ([codec], [pixels])
    assert found["tags"]["prompt"] == '{"1": {}}'


def test_a_video_of_a_sound_and_images_has_both(bench: NodeBench) -> None:
    (video,) = bench.run(CreateVideo, images=torch.rand(30, 16, 16, 3), audio=sine(1.0), fps=30.0)
    bench.run(SaveVideo, video=video, format="mp4", codec="h264")
    assert facts(bench.files[0].path)["channels"] == [2]
