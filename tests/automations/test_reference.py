"""The documentation of automations is made from their declarations."""

import re
from pathlib import Path
from typing import get_args

import pytest
from msgspec import inspect

from hub.automations.actions.action import AnyAction
from hub.automations.actions.base import Instruction
from hub.automations.conditions.condition import AnyCondition
from hub.automations.reference import with_tables

PAGE = Path(__file__).parents[2] / "docs" / "automations.md"


def test_every_setting_is_documented_as_it_is_declared() -> None:
    text = PAGE.read_text("utf-8")
    assert with_tables(text) == text, "run: python -m hub.automations.reference docs/automations.md"


def test_every_kind_of_condition_is_documented() -> None:
    text = PAGE.read_text("utf-8")
    for kind in get_args(get_args(AnyCondition)[0]):
        assert f"### {kind.kind}\n" in text or f"`{kind.kind}`" in text


def options(kind: type) -> set[str]:
    """The settings of a struct, and of the structs in it."""
    declared = inspect.type_info(kind)
    assert isinstance(declared, inspect.StructType)
    found = set()
    for field in declared.fields:
        found.add(field.encode_name)
        inner = field.type.type if isinstance(field.type, inspect.Metadata) else field.type
        if isinstance(inner, inspect.StructType):
            found |= options(inner.cls)
    return found


@pytest.mark.parametrize("kind", get_args(get_args(AnyAction)[0]), ids=lambda kind: kind.__name__)
def test_every_action_and_each_of_its_options_is_documented(kind: type[Instruction]) -> None:
    _, _, text = PAGE.read_text("utf-8").partition("## Actions")
    named = set(re.findall(r"[\w.]+", " ".join(re.findall(r"`[^`\n]+`", text))))
    assert kind.kind == "condition" or kind.kind in named
    assert options(kind) - named - {"test", "data"} == set()
