import json
from pathlib import Path

import pytest
import torch
from PIL import Image

from hub.nodes.animations import SaveAnimatedPNG, SaveAnimatedWEBP
from hub.nodes.loading import LoadImageOutput
from hub.testing.nodes import NodeBench

PROMPT = {"1": {"class_type": "Größe"}}
FRAMES = torch.tensor([0.0, 1.0]).view(2, 1, 1, 1).repeat(1, 4, 6, 3)


@pytest.fixture
def bench(tmp_path: Path) -> NodeBench:
    return NodeBench(tmp_path, prompt=PROMPT, extra_pnginfo={"workflow": {"nodes": []}})


@pytest.mark.parametrize("node", [SaveAnimatedPNG, SaveAnimatedWEBP])
def test_frames_are_shown_at_their_rate_for_ever(
    bench: NodeBench, node: type[SaveAnimatedPNG | SaveAnimatedWEBP]
) -> None:
    bench.run(node, images=FRAMES, fps=8.0)
    (file,) = bench.files
    assert bench.ui == {"images": [file.item()], "animated": [True]}
    with Image.open(file.path) as saved:
        assert (saved.n_frames, saved.size, saved.info["loop"]) == (2, (6, 4), 0)  # type: ignore[attr-defined]
        saved.seek(1)
        assert saved.convert("RGB").getpixel((0, 0)) == (255, 255, 255)
        assert saved.info["duration"] == 125


def test_a_webp_tells_prompt_and_workflow_in_its_exif(bench: NodeBench) -> None:
    bench.run(SaveAnimatedWEBP, images=FRAMES)
    with Image.open(bench.files[0].path) as saved:
        exif = saved.getexif()
    assert json.loads(exif[0x0110].removeprefix("prompt:")) == PROMPT
    assert exif[0x010F] == 'workflow:{"nodes": []}'


def test_a_png_tells_prompt_and_workflow_behind_its_pixels(bench: NodeBench) -> None:
    bench.run(SaveAnimatedPNG, images=FRAMES)
    content = bench.files[0].path.read_bytes()
    pixels, _, text = content.rpartition(b"fdAT")
    assert b"comf" not in pixels
    assert b"comfprompt\0" + json.dumps(PROMPT).encode() in text
    assert b"comfworkflow\0" in text


def test_what_a_run_has_produced_is_loaded(bench: NodeBench) -> None:
    bench.run(SaveAnimatedPNG, images=FRAMES)
    name = f"{bench.files[0].path.name} [output]"
    image, mask = bench.run(LoadImageOutput, image=name)
    assert torch.equal(image, FRAMES)
    assert mask.shape[0] == 2
    assert bench.fingerprint(LoadImageOutput, image=name)
