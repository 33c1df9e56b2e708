"""Which inputs a node has, and how its class is given them."""

from typing import Any

import msgspec

from hub.engine.dynamic_inputs import expanded_schema, nested
from hub.nodes.api import IMAGE, Input, Schema, autogrow, dynamic_combo
from hub.nodes.schema import AUTOGROW, Autogrow
from tests.engine.dynamic_schemas import BY_NAME, SLOT

DYNAMIC = BY_NAME["Dynamic"]
NAMED = Input(
    name="channels",
    type=AUTOGROW,
    dynamic=Autogrow(template=IMAGE.input("channel"), names=("red", "green", "blue"), minimum=1),
)


def inputs(*declared: Input, given: dict[str, Any]) -> dict[str, bool]:
    """For each input that a node has, whether it is optional."""
    schema = Schema(class_type="X", category="x", inputs=declared)
    return {item.name: item.optional for item in expanded_schema(schema, given).inputs}


def test_a_schema_without_them_is_what_it_is() -> None:
    schema = BY_NAME["TakeImage"]
    assert expanded_schema(schema, {"image": ["1", 0]}) is schema


def test_growing_inputs_are_those_required_and_those_given() -> None:
    images = autogrow("images", IMAGE.input("image"), prefix="image", minimum=1, maximum=4)
    given = {"images.image0": 1, "images.image2": 1, "images.image4": 1}
    assert inputs(images, given=given) == {"images.image0": False, "images.image2": True}


def test_growing_inputs_may_have_names() -> None:
    assert inputs(NAMED, given={"channels.blue": 1}) == {
        "channels.red": False,
        "channels.blue": True,
    }


def test_a_choice_brings_the_inputs_of_what_was_chosen() -> None:
    given = {"images.image0": 0, "images.image1": 0, "size": "each", "size.sides.side2": 1}
    names = list(inputs(*DYNAMIC.inputs, given=given))
    assert names[2:] == ["size", "size.sides.side0", "size.sides.side2", "mask"]
    assert list(inputs(*DYNAMIC.inputs, given={"size": "keep"}))[2:] == ["size", "mask"]


def test_a_slot_brings_inputs_once_it_is_given() -> None:
    assert inputs(SLOT, given={}) == {"mask": True}
    given = {"mask": ["1", 0]}
    assert inputs(SLOT, given=given) == {"mask": True, "mask.invert": False, "mask.note": True}


def test_a_class_is_given_dicts() -> None:
    flat = {"images.image0": 1, "images.image3": 2, "size": "each", "size.sides.side0": 3}
    assert nested(DYNAMIC.inputs, flat) == {
        "images": {"image0": 1, "image3": 2},
        "size": {"size": "each", "sides": {"side0": 3}},
    }
    assert nested(DYNAMIC.inputs, {"mask": 1, "mask.invert": True, "other": 2}) == {
        "images": {},
        "mask": {"mask": 1, "invert": True},
        "other": 2,
    }


def test_a_class_that_takes_lists_is_given_dicts_of_them() -> None:
    flat = {"size": ["factor"], "size.factor": [2, 3]}
    assert nested([DYNAMIC.inputs[1]], flat) == {"size": {"size": ["factor"], "factor": [2, 3]}}


def test_choices_may_grow() -> None:
    way = dynamic_combo("way", {"by": (IMAGE.input("image"),), "none": ()})
    ways = autogrow("ways", way, prefix="way", minimum=0, maximum=9)
    flat = {"ways.way1": "by", "ways.way1.image": ["1", 0], "ways.way7": "none"}
    assert list(inputs(ways, given=flat)) == ["ways.way1", "ways.way1.image", "ways.way7"]
    assert nested([ways], flat) == {
        "ways": {"way1": {"way1": "by", "image": ["1", 0]}, "way7": {"way7": "none"}}
    }


def test_a_class_learns_by_which_path_to_ask_for_a_value() -> None:
    flat = {"images.image0": None, "size": "keep", "plain": 1}
    assert nested(DYNAMIC.inputs, flat, with_paths=True) == {
        "images": {"image0": (None, "images.image0")},
        "size": {"size": ("keep", "size")},
        "plain": 1,
    }


def test_a_schema_crosses_processes() -> None:
    packed = msgspec.msgpack.encode(DYNAMIC)
    assert msgspec.msgpack.decode(packed, type=Schema) == DYNAMIC
