import json
from pathlib import Path

import torch
from PIL import Image, ImageSequence

from hub.nodes.animations import SaveAnimatedPNG, SaveAnimatedWEBP, durations
from hub.testing.nodes import NodeBench


def frames() -> torch.Tensor:
    return torch.tensor([0.0, 0.5, 1.0]).view(3, 1, 1, 1).expand(3, 6, 10, 3)


def test_images_become_one_animated_webp(tmp_path: Path) -> None:
    bench = NodeBench(tmp_path, prompt={"1": {}}, extra_pnginfo={"workflow": 1, "more": 2})
    bench.run(SaveAnimatedWEBP, images=frames(), fps=10.0)
    (file,) = bench.files
    assert bench.ui == {"images": [file.item()], "animated": [True]}
    with Image.open(file.path) as picture:
        levels = [f.convert("L").getpixel((0, 0)) for f in ImageSequence.Iterator(picture)]
        exif = picture.getexif()
        assert (levels, picture.info["duration"]) == ([0, 128, 255], 100)
    assert [exif[tag] for tag in (0x0110, 0x010F, 0x010E)] == [
        'prompt:{"1": {}}',
        "workflow:1",
        "more:2",
    ]


def test_images_become_one_animated_png_with_private_chunks(tmp_path: Path) -> None:
    bench = NodeBench(tmp_path, prompt={"ö": 1})
    bench.run(SaveAnimatedPNG, images=frames(), fps=10.0)
    content = bench.files[0].path.read_bytes()
    place = content.index(b"comf")
    assert place > content.index(b"IDAT")
    key, value = content[place + 4 :].split(b"\0", 1)
    assert (key, json.loads(value[: value.index(b"}") + 1])) == (b"prompt", {"ö": 1})
    with Image.open(bench.files[0].path) as picture:
        assert [f.info["duration"] for f in ImageSequence.Iterator(picture)] == [100.0] * 3


def test_one_image_is_not_animated(bench: NodeBench) -> None:
    for node in (SaveAnimatedPNG, SaveAnimatedWEBP):
        bench.run(node, images=frames()[:1])
        assert bench.ui is not None
        assert bench.ui["animated"] == [False]


def test_frames_together_last_as_long_as_they_should() -> None:
    assert sum(durations(24, 24.0)) == 1000
    assert set(durations(24, 24.0)) == {41, 42}
