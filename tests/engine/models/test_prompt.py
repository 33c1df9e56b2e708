import pytest

from hub.engine.models.prompt import Segment, segments
from tests.engine.models.conftest import recorded_prompts

PROMPTS = recorded_prompts()


@pytest.mark.parametrize("name", PROMPTS)
def test_prompts_are_weighted_as_recorded(name: str) -> None:
    found = [[segment.text, segment.weight] for segment in segments(PROMPTS[name]["prompt"])]
    assert found == PROMPTS[name]["segments"]


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("((x))", [("x", 1.1 * 1.1)]),
        ("((x:1.3))", [("x", 1.3)]),
        ("((x):1.5)", [("x", 1.5 * 1.1)]),
        ("(:1.5)", [(":1.5", 1.1)]),
        ("(a b", [("(a b", 1.0)]),
        ("a) (b)", [("a) (b)", 1.0)]),
        (r"\(a\) (b)", [("(a) ", 1.0), ("b", 1.1)]),
        ("[a] {b}", [("[a] {b}", 1.0)]),
    ],
)
def test_parentheses(prompt: str, expected: list[tuple[str, float]]) -> None:
    assert segments(prompt) == [Segment(text, weight) for text, weight in expected]
