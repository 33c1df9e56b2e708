"""Limits: numbers beyond them become them, and that is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.errors import Invalid
from hub.workflows.limits import within_limits
from hub.workflows.parameters import converted
from tests.workflows.graphs import parameter


@given(st.integers(-100, 100), st.floats(-50, 49), st.integers(1, 50))
def test_what_comes_out_fits_and_what_fits_stays(value: int, low: float, room: int) -> None:
    declared = parameter("integer", min=low, max=low + room)
    result, changed = within_limits({"p": declared}, {"p": str(value)})
    assert converted("p", declared, result["p"]) == result["p"]
    assert (result["p"] == value) is not bool(changed)


@pytest.mark.parametrize(
    ("kind", "given_value", "result"),
    [("number", "5.5", 4.5), ("number", -1, 0.5), ("integer", 5, 4), ("integer", "0", 1)],
)
def test_the_nearest_value_within_is_taken(kind: str, given_value: object, result: float) -> None:
    declared = parameter(kind, min=0.5, max=4.5)
    values, [told] = within_limits({"p": declared}, {"p": given_value, "q": 1})
    assert values == {"p": result, "q": 1}
    assert told.startswith("Parameter 'p': ")
    assert told.endswith(f" became {result}, its limit.")


def test_what_is_not_given_or_no_number_is_left_to_others() -> None:
    declared = {"p": parameter("integer", max=4), "q": parameter("text")}
    assert within_limits(declared, {"p": None, "q": "9"}) == ({"p": None, "q": "9"}, [])
    with pytest.raises(Invalid, match="'p' must be a number, not 'many'"):
        within_limits(declared, {"p": "many"})
