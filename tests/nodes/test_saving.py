import json
import re
from datetime import datetime
from pathlib import Path

import torch
from PIL import Image

from hub.nodes.naming import filled_prefix
from hub.nodes.saving import PreviewImage, SaveImage
from hub.records.output import OutputFolder
from hub.testing.nodes import NodeBench


def test_each_image_of_the_batch_becomes_a_png(bench: NodeBench) -> None:
    images = torch.tensor([0.0, 1.0]).view(2, 1, 1, 1).repeat(1, 3, 5, 3)
    assert bench.run(SaveImage, images=images, filename_prefix="night/shot") == ()
    assert bench.ui == {"images": [file.item() for file in bench.files]}
    assert bench.ui["images"][0]["subfolder"] == "night"
    assert [(file.width, file.height) for file in bench.files] == [(5, 3), (5, 3)]
    with Image.open(bench.files[1].path) as saved:
        assert (saved.format, saved.size, saved.getpixel((0, 0))) == ("PNG", (5, 3), (255,) * 3)


def test_the_workflow_can_be_read_back_from_the_file(tmp_path: Path) -> None:
    prompt = {"1": {"class_type": "Größe"}}
    bench = NodeBench(tmp_path, prompt=prompt, extra_pnginfo={"workflow": {"nodes": []}})
    bench.run(SaveImage, images=torch.zeros(1, 2, 2, 3))
    with Image.open(bench.files[0].path) as saved:
        assert saved.info["prompt"].isascii()
        assert json.loads(saved.info["prompt"]) == prompt
        assert json.loads(saved.info["workflow"]) == {"nodes": []}


def test_a_preview_goes_into_the_temporary_folder(bench: NodeBench) -> None:
    bench.run(PreviewImage, images=torch.rand(1, 8, 8, 3))
    (file,) = bench.files
    assert file.folder is OutputFolder.TEMP
    assert re.match(r"ComfyUI_temp_[a-z]{5}_", file.path.name)


def test_a_prefix_may_tell_size_place_and_date() -> None:
    before = datetime.now().astimezone().strftime("%Y-%m-%d %H")
    filled = filled_prefix(
        "%width%x%height% %batch_num% %year%-%month%-%day% %hour%", width=7, height=9, number=2
    )
    after = datetime.now().astimezone().strftime("%Y-%m-%d %H")
    assert filled in (f"7x9 2 {before}", f"7x9 2 {after}")


def test_minutes_and_seconds_have_two_digits_and_unknown_tokens_stay() -> None:
    filled = filled_prefix("%minute%-%second%-%mood%", width=1, height=1, number=0)
    assert re.fullmatch(r"\d\d-\d\d-%mood%", filled)
