"""Problems: one line each, in order, none twice."""

import pytest

from hub.config.problems import ConfigurationInvalid, Place, Problems, closest


def test_all_problems_are_listed_by_place() -> None:
    problems = Problems()
    problems.add(Place("b.yaml", 1, 1), "late")
    problems.add(Place("a.yaml", 12, 9), "unknown key 'pattern'", suggestion="patterns")
    problems.add(Place("a.yaml", 2, 1), "early")
    with pytest.raises(ConfigurationInvalid) as error:
        problems.refuse()
    assert str(error.value).splitlines() == [
        "The configuration has 3 problems:",
        "a.yaml:2:1: early",
        "a.yaml:12:9: unknown key 'pattern' (did you mean 'patterns'?)",
        "b.yaml:1:1: late",
    ]


def test_the_same_problem_counts_once() -> None:
    problems = Problems()
    for _ in range(2):
        problems.add(Place("a.yaml"), "wrong")
    assert len(problems) == 1


def test_nothing_is_refused_without_a_problem() -> None:
    Problems().refuse()


@pytest.mark.parametrize(
    ("word", "meant"), [("pattern", "patterns"), ("PATH", "path"), ("zebra", None)]
)
def test_suggests_only_what_is_near(word: str, meant: str | None) -> None:
    assert closest(word, ["path", "patterns", "settle"]) == meant
