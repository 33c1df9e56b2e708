"""Plain values of elements: YAML 1.2, with Home Assistant's words for true and false."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.config.elements import plain_value
from hub.config.parsing import parse
from tests.config.reading import load


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5", 5),
        ("-12", -12),
        ("0x1F", 31),
        ("1_000", 1000),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        ("yes", True),
        ("Off", False),
        ("~", None),
        ("", None),
        ("'5'", "5"),
        ("!!str 5", "5"),
        ("007", "007"),
        ("07:30", "07:30"),
        ("2026-12-24", "2026-12-24"),
        ("1.2.3", "1.2.3"),
        (".inf", ".inf"),
        ("[1, a]", [1, "a"]),
        ("{on: 1, 2: b}", {"on": 1, "2": "b"}),
        ("|\n  two\n  lines\n", "two\nlines\n"),
    ],
)
def test_a_value_means_what_it_looks_like(tmp_path: Path, text: str, value: Any) -> None:
    assert plain_value(load(tmp_path, text)) == value


@given(st.text())
def test_any_text_gives_elements_or_a_problem_with_its_place(text: str) -> None:
    element = parse(text.encode(errors="replace").decode(), "file", lambda tag, element: element)
    assert element.place.line >= 1
    assert element.place.column >= 1
