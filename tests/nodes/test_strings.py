from typing import Any

import pytest

from hub.errors import Invalid
from hub.nodes import dataset_texts, strings
from hub.nodes.api import Node
from hub.nodes.logic import ComfySwitchNode, CustomCombo
from hub.nodes.patterns import Pattern, PatternTooSlow
from hub.nodes.preview_any import PreviewAny
from hub.nodes.primitives import (
    PrimitiveBoolean,
    PrimitiveFloat,
    PrimitiveInt,
    PrimitiveString,
    PrimitiveStringMultiline,
)
from hub.nodes.string_regex import RegexExtract, RegexMatch, RegexReplace
from hub.testing.nodes import NodeBench

TEXT = "Cat 12, cat 345"


@pytest.mark.parametrize(
    ("node", "inputs", "expected"),
    [
        (strings.StringConcatenate, {"string_a": "a", "string_b": "b", "delimiter": ", "}, "a, b"),
        (strings.StringSubstring, {"string": "abcdef", "start": 1, "end": -2}, "bcd"),
        (strings.StringLength, {"string": "Größe"}, 5),
        (strings.CaseConverter, {"string": "a Bc", "mode": "UPPERCASE"}, "A BC"),
        (strings.CaseConverter, {"string": "a Bc", "mode": "lowercase"}, "a bc"),
        (strings.CaseConverter, {"string": "a Bc", "mode": "Capitalize"}, "A bc"),
        (strings.CaseConverter, {"string": "a Bc", "mode": "Title Case"}, "A Bc"),
        (strings.StringTrim, {"string": " a\n", "mode": "Both"}, "a"),
        (strings.StringTrim, {"string": " a\n", "mode": "Left"}, "a\n"),
        (strings.StringTrim, {"string": " a\n", "mode": "Right"}, " a"),
        (strings.StringReplace, {"string": "a.a", "find": ".", "replace": "-"}, "a-a"),
        (strings.StringContains, {"string": "Cat", "substring": "cat"}, False),
        (
            strings.StringContains,
            {"string": "Cat", "substring": "cat", "case_sensitive": False},
            True,
        ),
        (strings.StringCompare, {"string_a": "Cat", "string_b": "C", "mode": "Starts With"}, True),
        (strings.StringCompare, {"string_a": "Cat", "string_b": "C", "mode": "Ends With"}, False),
        (
            strings.StringCompare,
            {"string_a": "Cat", "string_b": "cAT", "mode": "Equal", "case_sensitive": False},
            True,
        ),
        (dataset_texts.TextToLowercase, {"texts": "Ab"}, "ab"),
        (dataset_texts.TextToUppercase, {"texts": "Ab"}, "AB"),
        (dataset_texts.TruncateText, {"texts": "abcd", "max_length": 3}, "abc"),
        (dataset_texts.AddTextPrefix, {"texts": "b", "prefix": "a"}, "ab"),
        (dataset_texts.AddTextSuffix, {"texts": "b", "suffix": "c"}, "bc"),
        (dataset_texts.ReplaceText, {"texts": "aba", "find": "a", "replace": ""}, "b"),
        (dataset_texts.StripWhitespace, {"texts": "\ta "}, "a"),
        (RegexMatch, {"string": TEXT, "regex_pattern": r"^CAT"}, True),
        (
            RegexMatch,
            {"string": TEXT, "regex_pattern": r"^CAT", "case_insensitive": False},
            False,
        ),
        (RegexMatch, {"string": "a\nb", "regex_pattern": "^b"}, False),
        (RegexMatch, {"string": "a\nb", "regex_pattern": "^b", "multiline": True}, True),
        (RegexMatch, {"string": "a\nb", "regex_pattern": "a.b", "dotall": True}, True),
        (
            RegexReplace,
            {"string": TEXT, "regex_pattern": r"cat (\d+)", "replace": r"\1"},
            "12, 345",
        ),
        (
            RegexReplace,
            {"string": TEXT, "regex_pattern": r"\d", "replace": "", "count": 2},
            "Cat , cat 345",
        ),
        (PrimitiveString, {"value": "x"}, "x"),
        (PrimitiveStringMultiline, {"value": "x\ny"}, "x\ny"),
        (PrimitiveInt, {"value": -(2**63) + 1}, -(2**63) + 1),
        (PrimitiveFloat, {"value": 0.1}, 0.1),
        (PrimitiveBoolean, {"value": True}, True),
        (CustomCombo, {"choice": "Music"}, "Music"),
    ],
)
def test_what_comes_out(
    bench: NodeBench, node: type[Node], inputs: dict[str, Any], expected: object
) -> None:
    assert bench.run(node, **inputs) == (expected,)


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("First Match", "Cat 12"),
        ("All Matches", "Cat 12\ncat 345"),
        ("First Group", "12"),
        ("All Groups", "12\n345"),
    ],
)
def test_matches_and_groups_are_taken_out(bench: NodeBench, mode: str, expected: str) -> None:
    inputs = {"string": TEXT, "regex_pattern": r"cat (\d+)", "mode": mode}
    assert bench.run(RegexExtract, **inputs) == (expected,)
    assert bench.run(RegexExtract, **{**inputs, "string": "dog"}) == ("",)


def test_mistakes_in_patterns_are_told_in_words(bench: NodeBench) -> None:
    with pytest.raises(Invalid, match="'\\(' is no regular expression"):
        bench.run(RegexMatch, string="", regex_pattern="(")
    with pytest.raises(Invalid, match="0 groups in brackets and no group 1"):
        bench.run(RegexExtract, string="a", regex_pattern="a", mode="First Group")
    with pytest.raises(Invalid, match=r"replacement .* cannot be used"):
        bench.run(RegexReplace, string="a", regex_pattern="a", replace=r"\2")


def test_a_search_that_would_not_end_is_given_up() -> None:
    endless = Pattern(r"(?:(a|aa)+)+\1$", seconds=0.05)
    with pytest.raises(PatternTooSlow, match="Nested repeats"):
        endless.first("a" * 60 + "b")


@pytest.mark.parametrize(
    ("value", "text"),
    [("Größe", "Größe"), (3, "3"), (None, "None"), (True, "True"), ({"a": [1]}, '{"a": [1]}')],
)
def test_any_value_is_shown(bench: NodeBench, value: object, text: str) -> None:
    assert bench.run(PreviewAny, source=value) == ()
    assert bench.ui == {"text": [text]}


def test_what_json_cannot_hold_is_shown_as_python_prints_it(bench: NodeBench) -> None:
    bench.run(PreviewAny, source={1j})
    assert bench.ui == {"text": ["{1j}"]}


def test_a_switch_asks_for_the_side_it_needs_only() -> None:
    ask = ComfySwitchNode.check_lazy_status
    assert ask(switch=True) == ["on_true"]
    assert ask(switch=False) == ["on_false"]
    assert ask(switch=True, on_true=1) == []
    assert ask(switch=False, on_false=0, on_true=None) == []


def test_a_switch_gives_one_side(bench: NodeBench) -> None:
    assert bench.run(ComfySwitchNode, switch=True, on_false=None, on_true="yes") == ("yes",)
    assert bench.run(ComfySwitchNode, switch=False, on_false="no", on_true=None) == ("no",)
