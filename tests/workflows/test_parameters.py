"""Parameters: texts and values become what the type says, or are refused by name."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.errors import Invalid
from hub.workflows.parameters import LARGEST_SEED, converted
from tests.workflows.graphs import parameter

_OPTIONS = ["lanczos", "bilinear"]


@pytest.mark.parametrize(
    ("kind", "given_value", "result"),
    [
        ("text", "1e5", "1e5"),
        ("text", 5, "5"),
        ("prompt", "a cat", "a cat"),
        ("integer", " 7 ", 7),
        ("integer", 7.0, 7),
        ("number", "1.5", 1.5),
        ("boolean", "On", True),
        ("boolean", 0, False),
        ("seed", "18446744073709551615", LARGEST_SEED),
        ("color", "#ffcc00", "#ffcc00"),
        ("datetime", "2026-12-24 18:00", "2026-12-24T18:00:00"),
        ("datetime", datetime(2026, 1, 1, tzinfo=UTC), "2026-01-01T00:00:00+00:00"),
        ("color_rgb", [255, 204, 0], 0xFFCC00),
        ("color_rgb", "[0, 0, 7]", 7),
        ("color_rgb", "#ffcc00", 0xFFCC00),
        ("time", "07:30", "07:30:00"),
        ("duration", "1h30m", 5400.0),
        ("duration", 90, 90.0),
        ("object", '{"a": [1]}', {"a": [1]}),
        ("object", [1, 2], [1, 2]),
        ("lora", "style.safetensors", "style.safetensors"),
        ("media", "in/a.mp4", "in/a.mp4"),
        ("template", "{{ 1 }} is one", "{{ 1 }} is one"),
        ("folder", "in/photos", "in/photos"),
        ("resolution", "1024 x 768", "1024x768"),
        ("resolution", [640, 480], "640x480"),
        ("resolution", "[640, 480]", "640x480"),
        ("resolution", {"height": 480, "width": 640}, "640x480"),
        ("image", "in/a.jpg", "in/a.jpg"),
        ("images", ["a.jpg", "b.jpg"], ["a.jpg", "b.jpg"]),
        ("images", '["a\\udcff.jpg"]', ["a\udcff.jpg"]),
        ("images", "a.jpg\n\nb.jpg\n", ["a.jpg", "b.jpg"]),
    ],
)
def test_a_value_becomes_what_the_type_says(kind: str, given_value: Any, result: Any) -> None:
    assert converted("p", parameter(kind), given_value) == result


@pytest.mark.parametrize(
    ("kind", "value", "wanted"),
    [
        ("text", {"a": 1}, "a text"),
        ("integer", "1.5", "a whole number"),
        ("integer", True, "a number"),
        ("number", "1,5", "a number"),
        ("number", "nan", "a finite number"),
        ("number", 10**400, "a finite number"),
        ("boolean", "maybe", "true or false"),
        ("seed", -1, "between 0 and 18446744073709551615, or random"),
        ("seed", LARGEST_SEED + 1, "between 0 and 18446744073709551615, or random"),
        ("color", "#12345", "a colour such as #ffcc00 or white"),
        ("color_rgb", [255, 204], "a colour such as [255, 204, 0] or #ffcc00"),
        ("color_rgb", [255, 204, 256], "a colour such as [255, 204, 0] or #ffcc00"),
        ("color_rgb", "white", "a colour such as [255, 204, 0] or #ffcc00"),
        ("time", "25:00", "a time of day such as 07:30"),
        ("duration", "soon", "a duration such as 30s, 1h30m or 00:05:00"),
        ("object", "a text", "a mapping or a list, or JSON of one"),
        ("object", 5, "a mapping or a list, or JSON of one"),
        ("datetime", "noon", "a date and time such as 2026-12-24 18:00"),
        ("file", "", "the path of a file"),
        ("folder", "", "the path of a folder"),
        ("resolution", "1024", "a width and a height such as 1024x768"),
        ("resolution", "0x768", "a width and a height such as 1024x768"),
        ("resolution", [1024, 768.5], "a width and a height such as 1024x768"),
        ("resolution", {"width": 1024}, "a width and a height such as 1024x768"),
        ("resolution", f"{'9' * 5000}x1", "a width and a height such as 1024x768"),
        ("images", "", "a list of at least one file"),
        ("images", "[1", "a list of at least one file"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(kind: str, value: Any, wanted: str) -> None:
    with pytest.raises(Invalid) as error:
        converted("p", parameter(kind), value)
    assert str(error.value) == f"Parameter 'p' must be {wanted}, not {str(value)[:100]!r}."


@given(st.integers(), st.integers(), st.integers())
def test_a_number_is_taken_exactly_within_its_limits(value: int, first: int, second: int) -> None:
    low, high = sorted((first, second))
    declared = parameter("integer", min=low, max=high)
    if low <= value <= high:
        assert converted("p", declared, str(value)) == value
    else:
        with pytest.raises(Invalid, match=r"'p' must be at (least|most) "):
            converted("p", declared, str(value))


@given(st.text())
def test_a_text_stays_as_it_is(text: str) -> None:
    assert converted("p", parameter("text"), text) == text


def test_a_random_seed_is_new_each_time() -> None:
    seeds = {converted("p", parameter("seed"), "random") for _ in range(20)}
    assert len(seeds) == 20
    assert all(0 <= seed <= LARGEST_SEED for seed in seeds)


def test_a_select_takes_its_options_and_suggests_the_nearest() -> None:
    declared = parameter("select", options=_OPTIONS)
    assert converted("p", declared, "lanczos") == "lanczos"
    with pytest.raises(Invalid, match=r"one of lanczos, bilinear.* Did you mean 'lanczos'\?"):
        converted("p", declared, "lancsoz")


@pytest.mark.parametrize(
    ("kind", "details", "mistake"),
    [
        ("text", {"min": 1}, "a parameter of type text has neither min nor max"),
        ("number", {"min": 2, "max": 1}, r"min \(2\) is more than max \(1\)"),
        ("select", {}, "a parameter of type select, and no other, has options"),
        ("text", {"input": ""}, "a parameter of type text needs an input"),
        ("resolution", {"input": "width"}, "a parameter of type resolution has no input"),
        ("text", {"options": ["a"]}, "a parameter of type select, and no other, has options"),
    ],
)
def test_a_declaration_that_makes_no_sense_is_refused(
    kind: str, details: dict[str, Any], mistake: str
) -> None:
    with pytest.raises(ValueError, match=mistake):
        parameter(kind, **details)
