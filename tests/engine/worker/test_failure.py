"""Errors say what a node was given, in short."""

from pathlib import Path

import pytest
import torch

from hub.engine.models.devices import is_out_of_memory
from hub.engine.worker.failure import node_failure
from hub.nodes.api import FLOAT, IMAGE, IoType, Schema

SCHEMA = Schema(
    class_type="X",
    category="test",
    inputs=(IMAGE.input("image"), IoType("LATENT").input("latent"), FLOAT.value("number")),
)


def shortened(**inputs: object) -> dict[str, object]:
    """What an error says of one value per input."""
    error = node_failure("1", SCHEMA, {name: [v] for name, v in inputs.items()}, ValueError("x"))
    return {name: value for name, (value,) in error.inputs.items()}


def test_tensors_are_named_by_type_shape_and_kind() -> None:
    latent = {"samples": torch.zeros(1, 4, 8, 8, dtype=torch.float16)}
    assert shortened(image=torch.zeros(1, 2, 2, 3), latent=latent) == {
        "image": "IMAGE [1, 2, 2, 3] float32",
        "latent": {"samples": "tensor [1, 4, 8, 8] float16"},
    }


def test_numbers_stay_and_long_texts_and_lists_are_cut() -> None:
    assert shortened(number=0.5) == {"number": 0.5}
    assert len(str(shortened(number="x" * 5000)["number"])) == 1000
    assert shortened(number=list(range(100))) == {"number": list(range(8))}


def test_anything_else_is_named_by_its_class() -> None:
    assert shortened(number=Path("x"), other=object()) == {
        "number": "FLOAT PosixPath",
        "other": "object",
    }


def message(**inputs: object) -> str:
    """What an error says of one value per input."""
    error = TypeError("cannot add")
    return node_failure("1", SCHEMA, {name: [v] for name, v in inputs.items()}, error).message


def test_an_input_of_another_kind_is_named_where_it_may_explain_the_error() -> None:
    right = {"image": torch.zeros(1, 2, 2, 3), "latent": {}, "number": 1}
    assert message(**right) == "cannot add"
    assert message(**right | {"image": "a text"}) == (
        "cannot add. Its input 'image' is a str, where an IMAGE belongs: look at the node that "
        "feeds it."
    )
    assert "Its input 'latent' is nothing (None), where a LATENT" in message(latent=None)


def test_an_error_without_words_is_named_by_its_class() -> None:
    error = node_failure("1", SCHEMA, {}, torch.OutOfMemoryError())
    assert error.message.startswith("Memory ran out: OutOfMemoryError. ")
    assert error.exception_type == "torch.OutOfMemoryError"


@pytest.mark.parametrize(
    ("error", "is_one"),
    [
        (MemoryError(), True),
        (torch.OutOfMemoryError(), True),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried"), True),
        (RuntimeError("shapes differ"), False),
    ],
)
def test_knows_when_memory_ran_out(error: Exception, is_one: bool) -> None:
    assert is_out_of_memory(error) is is_one
