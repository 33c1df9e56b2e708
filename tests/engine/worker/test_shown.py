"""What nodes show becomes plain JSON."""

from typing import Any

import pytest

from hub.engine.worker.shown import NotShowable, ShowsTooMuch, plain


class Odd:
    def __repr__(self) -> str:
        return "<odd>"


def test_tuples_odd_objects_and_odd_keys_become_json() -> None:
    shown = {"a": [(1, 2), Odd(), {1: "x"}], 2: [float("inf")]}
    assert plain(shown) == {"a": [[1, 2], "<odd>", {"1": "x"}], "2": [float("inf")]}


def test_names_with_surrogates_and_huge_numbers_stay() -> None:
    assert plain({"a": ["\udc80", 2**70]}) == {"a": ["\udc80", 2**70]}


def nested(depth: int) -> Any:
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize("shown", [nested(200), nested(100_000), [10**5000], [{(1, 2): 3}]])
def test_what_cannot_be_json_is_refused(shown: Any) -> None:
    with pytest.raises(NotShowable):
        plain({"a": shown})


def test_too_much_is_refused() -> None:
    with pytest.raises(ShowsTooMuch, match="17 MiB"):
        plain({"a": ["x" * (17 << 20)]})
