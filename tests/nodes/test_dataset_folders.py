"""Training sets come from folders and go to folders."""

import io
import os
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image

from hub.nodes.dataset_folders import (
    LoadImageDataSetFromFolder,
    LoadImageTextDataSetFromFolder,
    SaveImageDataSetToFolder,
    SaveImageTextDataSetToFolder,
)
from hub.nodes.dataset_lists import NoPairs
from hub.nodes.pictures import tensor_of
from hub.testing.nodes import NodeBench


def picture(grey: int) -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (4, 2), (grey, grey, grey)).save(content, "PNG")
    return content.getvalue()


@pytest.fixture
def bench(tmp_path: Path) -> NodeBench:
    bench = NodeBench(tmp_path)
    bench.add_input("set/b.png", picture(2))
    bench.add_input("set/a.png", picture(1))
    bench.add_input("set/a.txt", b" one\n")
    bench.add_input("set/notes.md", b"no picture")
    bench.add_input("set/2_cats/c.png", picture(3))
    bench.add_input("set/2_cats/c.txt", "drei ö".encode())
    return bench


def greys(images: list[Any]) -> list[int]:
    return [round(float(tensor_of(image).mean()) * 255) for image in images]


def test_pictures_come_in_the_order_of_their_names(bench: NodeBench) -> None:
    (images,) = bench.run(LoadImageDataSetFromFolder, folder="set")
    assert greys(images) == [1, 2]


def test_texts_come_with_their_pictures_and_folders_as_often_as_they_say(bench: NodeBench) -> None:
    images, texts = bench.run(LoadImageTextDataSetFromFolder, folder="set")
    assert greys(images) == [3, 3, 1, 2]
    assert texts == ["drei ö", "drei ö", "one", ""]


def test_a_changed_folder_is_read_again(bench: NodeBench) -> None:
    before = bench.fingerprint(LoadImageDataSetFromFolder, folder="set")
    assert bench.fingerprint(LoadImageDataSetFromFolder, folder="set") == before
    changed = bench.add_input("set/a.png", picture(9))
    os.utime(changed, ns=(1, 1))
    assert bench.fingerprint(LoadImageDataSetFromFolder, folder="set") != before


def test_a_folder_outside_is_refused(bench: NodeBench) -> None:
    with pytest.raises(Exception, match=r"inside|outside|leads out"):
        bench.run(LoadImageDataSetFromFolder, folder="../..")


def test_a_picture_and_its_text_get_the_same_name(tmp_path: Path) -> None:
    bench = NodeBench(tmp_path)
    images = [torch.zeros(1, 2, 4, 3), torch.ones(1, 2, 4, 3)]
    bench.run(
        SaveImageTextDataSetToFolder,
        images=images,
        texts=["one", "two"],
        folder_name=["mine"],
        filename_prefix=["x"],
        prompt=[None],
        extra_pnginfo=[None],
    )
    names = sorted(file.path.name for file in bench.files)
    assert names == ["x_00000.png", "x_00000.txt", "x_00001.png", "x_00001.txt"]
    assert (tmp_path / "output/mine/x_00001.txt").read_text() == "two"


def test_pictures_without_texts_are_refused(tmp_path: Path) -> None:
    with pytest.raises(NoPairs, match="1 images and 0 texts"):
        NodeBench(tmp_path).run(
            SaveImageTextDataSetToFolder,
            images=[torch.zeros(1, 2, 4, 3)],
            texts=[],
            folder_name=["mine"],
            filename_prefix=["x"],
            prompt=[None],
            extra_pnginfo=[None],
        )


def test_pictures_alone_can_be_saved_too(tmp_path: Path) -> None:
    bench = NodeBench(tmp_path)
    bench.run(
        SaveImageDataSetToFolder,
        images=[torch.zeros(1, 2, 4, 3)],
        folder_name=["mine"],
        filename_prefix=["x"],
        prompt=[None],
        extra_pnginfo=[None],
    )
    assert [file.path.name for file in bench.files] == ["x_00000.png"]
