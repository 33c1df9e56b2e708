"""How much memory values hold, by their kind."""

import io
from collections import deque
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from hub.engine.worker.sizes import held_by
from hub.nodes.video import VideoComponents
from hub.nodes.video_components import VideoFromComponents
from hub.nodes.video_file import VideoFromFile

MANY = 1 << 20
SLACK = 8 << 10  # bytes of the objects around


def weight(*values: Any) -> int:
    return held_by(*values).total


class Plain:
    def __init__(self, value: Any) -> None:
        self.value = value


class Slotted:
    __slots__ = ("__value", "unset")

    def __init__(self, value: Any) -> None:
        self.__value = value


class SlottedAndPlain(Slotted):
    def __init__(self, value: Any) -> None:
        super().__init__(None)
        self.more = value


class Labelled(dict[str, int]):
    def __init__(self, value: Any) -> None:
        super().__init__(a=1)
        self.value = value


class Layer(torch.nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.weight = torch.nn.Parameter(torch.zeros(MANY // 16))
        self.register_buffer("scale", torch.zeros(MANY // 16))
        self.beside = torch.zeros(MANY // 8)


TENSOR = torch.zeros(MANY // 4)
OBJECTS = np.empty(1, dtype=object)
OBJECTS[0] = TENSOR


@pytest.mark.parametrize(
    "value",
    [
        TENSOR,
        TENSOR[5:7],
        TENSOR.view(-1, 4).t(),
        torch.zeros(MANY // 2, dtype=torch.float16),
        torch.zeros(MANY // 4).expand(100, -1),
        torch.sparse_coo_tensor(
            torch.zeros(1, MANY // 16, dtype=torch.int64),
            torch.zeros(MANY // 16, dtype=torch.float64),
            (10,),
            check_invariants=True,
        ),
        Layer(),
        torch.nn.Sequential(torch.nn.Sequential(Layer())),
        np.zeros(MANY // 8),
        np.zeros((1000, MANY // 8))[0:1].copy()[:, ::2],
        TENSOR.numpy(),
        torch.from_numpy(np.zeros(MANY // 8)),
        np.frombuffer(bytes(MANY), np.uint8),
        OBJECTS,
        bytes(MANY),
        bytearray(MANY),
        io.BytesIO(bytes(MANY)),
        "x" * MANY,
        {"samples": TENSOR, "nested": [{"again": (TENSOR, {"x": {TENSOR}})}]},
        deque([TENSOR]),
        Plain(TENSOR),
        Slotted(Plain(TENSOR)),
        SlottedAndPlain(TENSOR),
        Labelled(TENSOR),
        VideoFromFile(io.BytesIO(bytes(MANY))),
        VideoFromComponents(
            VideoComponents(images=TENSOR.view(1, 8, -1, 4), frame_rate=Fraction(25))
        ),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_large_is_counted_to_the_byte(value: Any) -> None:
    assert MANY <= weight(value) < MANY + SLACK


@pytest.mark.parametrize(
    ("mode", "bytes_per_pixel"),
    [
        *(("1", 1), ("L", 1), ("P", 1), ("I;16", 2)),
        *(("LA", 4), ("RGB", 4), ("RGBA", 4), ("CMYK", 4), ("I", 4), ("F", 4)),
    ],
)
def test_pictures_weigh_what_pillow_takes_for_their_mode(mode: str, bytes_per_pixel: int) -> None:
    image = Image.new(mode, (1000, 1000))
    assert weight(image) == 1_000_000 * bytes_per_pixel


def test_what_a_file_said_beside_its_pixels_counts() -> None:
    image = Image.new("L", (1, 1))
    image.info = {"icc_profile": bytes(MANY)}
    assert weight(image) > MANY


def test_a_picture_that_is_not_read_yet_weighs_what_it_will(tmp_path: Path) -> None:
    Image.new("RGB", (100, 100)).save(tmp_path / "a.png")
    with Image.open(tmp_path / "a.png") as image:
        assert weight(image) >= 40_000


def test_a_video_in_a_file_weighs_next_to_nothing(tmp_path: Path) -> None:
    assert weight(VideoFromFile(tmp_path / "x.mp4")) < SLACK


def test_parts_of_a_video_in_memory_share_it() -> None:
    content = io.BytesIO(bytes(MANY))
    assert weight(VideoFromFile(content), VideoFromFile(content)) < MANY + SLACK


def test_an_array_and_a_tensor_of_the_same_memory_share_it() -> None:
    array = np.zeros(MANY // 8)
    assert weight(array, torch.from_numpy(array), array[1:]) < MANY + SLACK
    assert weight(TENSOR, TENSOR.numpy()) < MANY + SLACK


def test_a_tensor_without_content_weighs_nothing() -> None:
    assert weight(torch.zeros(MANY, device="meta")) == 0


def test_what_is_not_an_outputs_own_is_left_out() -> None:
    assert weight([torch, Plain, weight, Plain(torch.nn.functional)]) < SLACK


def test_a_value_that_holds_itself_can_be_weighed() -> None:
    circle: list[object] = []
    circle.append(circle)
    assert 0 < weight(circle) < SLACK


def test_of_very_many_small_values_the_rest_is_taken_to_be_like_the_first() -> None:
    texts = [f"{number:100}" for number in range(300_000)]
    assert weight(texts) == pytest.approx(300_000 * (149 + 8), rel=0.15)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_tensors_on_a_device_count_by_their_storage() -> None:
    tensor = torch.zeros(MANY // 4, device="cuda")
    assert weight(tensor, tensor[1:]) < MANY + SLACK
