"""The reader: every mistake at its place, with what was probably meant."""

from datetime import time, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from msgspec import Meta, Struct, field

from hub.config.elements import Element, Mapping, Scalar, Sequence
from hub.config.fields import ByteCount, OneOrMany, checked, rewritten
from hub.config.problems import Problems
from hub.config.reader import Reader
from hub.config.scalars import Unfit
from tests.config.reading import FolderWatch, Mode, Rule, Schedule, load, mistakes, read

_GOOD = """
id: inbox
mode: single
triggers:
  - trigger: folder
    path: inbox
    patterns: ["*.jpg", "*.png"]
    settle: 10s
  - trigger: schedule
    cron: "@daily"
"""


def _even(value: int) -> None:
    if value % 2:
        raise Unfit("even", "12")


def _from_text(element: Element) -> Element:
    if isinstance(element, Scalar):
        return Mapping(((Scalar("id", element.place), element),), element.place)
    return element


class Box(Struct):
    """One value of each kind that has limits."""

    whole: Annotated[int, Meta(ge=1, le=9)] = 1
    number: Annotated[float, Meta(gt=0)] = 1.0
    flag: bool = False
    word: Annotated[str, Meta(pattern="^[a-z]+$", min_length=2)] = "aa"
    side: Literal["left", "right"] = "left"
    wait: timedelta = timedelta()
    at: time = time()
    size: ByteCount = 0
    even: Annotated[int, checked(_even)] = 0
    many: Annotated[OneOrMany[int], Meta(min_length=1)] = field(default_factory=lambda: [1])
    names: frozenset[str] = frozenset()
    either: bool | int | str = ""
    maybe: int | None = None


class Range(Struct):
    """A struct with a check of its own."""

    low: int
    high: int

    def __post_init__(self) -> None:
        if self.low > self.high:
            raise ValueError("low is more than high")


def test_fills_structs_lists_unions_and_enums(tmp_path: Path) -> None:
    rule = read(tmp_path, _GOOD, Rule)
    folder = FolderWatch(path="inbox", patterns=["*.jpg", "*.png"], settle=timedelta(seconds=10))
    assert rule == Rule(id="inbox", mode=Mode.SINGLE, triggers=[folder, Schedule(cron="@daily")])


def test_a_single_value_stands_for_a_list_where_that_is_declared(tmp_path: Path) -> None:
    rule = read(tmp_path, "id: a\ntriggers: {trigger: folder, path: b, patterns: c}", Rule)
    assert rule.triggers == [FolderWatch(path="b", patterns=["c"])]


def test_old_spellings_of_keys_are_read(tmp_path: Path) -> None:
    rule = read(tmp_path, "id: a\ntrigger: [{platform: schedule, cron: x}]", Rule)
    assert rule.triggers == [Schedule(cron="x")]


def test_two_spellings_of_one_key_are_a_mistake(tmp_path: Path) -> None:
    assert mistakes(tmp_path, "id: a\ntrigger: []\ntriggers: []", Rule) == [
        "main.yaml:3:1: 'triggers' is already given in another spelling"
    ]


def test_a_key_without_value_keeps_the_default(tmp_path: Path) -> None:
    assert read(tmp_path, "id: a\nmode:\ntriggers:", Rule) == Rule(id="a")


def test_an_empty_file_is_a_struct_without_keys(tmp_path: Path) -> None:
    assert read(tmp_path, "# nothing yet\n", Box) == Box()
    assert mistakes(tmp_path, "", Rule) == ["main.yaml:1:1: the key 'id' is missing"]


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("whole: '5'", "whole", 5),
        ("number: 2", "number", 2.0),
        ("flag: on", "flag", True),
        ("word: no", "word", "no"),
        ("side: right", "side", "right"),
        ("wait: {minutes: 1, seconds: 30}", "wait", timedelta(seconds=90)),
        ("at: 07:30", "at", time(7, 30)),
        ("size: 1.5 MB", "size", 1_500_000),
        ("names: [a, b]", "names", {"a", "b"}),
        ("either: yes", "either", True),
        ("either: 7", "either", 7),
        ("either: '7'", "either", "7"),
        ("either: '{{ x }}'", "either", "{{ x }}"),
        ("maybe: null", "maybe", None),
        ("maybe: 3", "maybe", 3),
    ],
)
def test_the_wanted_type_decides_what_a_text_means(
    tmp_path: Path, text: str, name: str, value: Any
) -> None:
    assert getattr(read(tmp_path, text, Box), name) == value


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("whole: five", "1:8: 'whole' must be a whole number, not 'five'"),
        ("whole: true", "1:8: 'whole' must be a whole number, not 'true'"),
        ("whole: 0", "1:8: 'whole' must be at least 1, not '0'"),
        ("whole: 10", "1:8: 'whole' must be at most 9, not '10'"),
        ("number: 0", "1:9: 'number' must be more than 0, not '0'"),
        ("number: [1]", "1:9: 'number' must be a number, not a list"),
        ("flag: maybe", "1:7: 'flag' must be true or false, not 'maybe'"),
        ("word: A1", "1:7: 'word' must be a text that matches ^[a-z]+$, not 'A1'"),
        ("word: a", "1:7: 'word' must be at least 2 characters long, not 'a'"),
        (
            "side: rigth",
            ("1:7: 'side' must be one of left, right, not 'rigth' (did you mean 'right'?)"),
        ),
        ("wait: soon", "1:7: 'wait' must be a duration such as 30s, 1h30m or 00:05:00, not 'soon'"),
        ("wait: {hour: 1, mins: 2}", "1:7: 'wait' has no unit of time 'mins'"),
        ("at: noon", "1:5: 'at' must be a time of day such as 07:30:00, not 'noon'"),
        ("size: big", "1:7: 'size' must be a size such as 500 MB or 2 GiB, not 'big'"),
        ("even: 13", "1:7: 'even' must be even, not '13' (did you mean '12'?)"),
        ("many: []", "1:7: 'many' is empty: list at least one"),
        ("many: [1, x]", "1:11: 'many' must be a whole number, not 'x'"),
        (
            "either: [1]",
            "1:9: 'either' must be true or false or a whole number or a text, not a list",
        ),
        ("maybe: x", "1:8: 'maybe' must be a whole number, not 'x'"),
        ("wohle: 1", "1:1: unknown key 'wohle' (did you mean 'whole'?)"),
        ("whole: 1\nwhole: 2", "2:1: the key 'whole' is already in line 1"),
        ("word: {{ x }}", '1:8: a template must stand in quotes: "{{ … }}"'),
        ("[]", "1:1: this must be a mapping, not a list"),
    ],
)
def test_a_mistake_names_place_value_and_what_was_meant(
    tmp_path: Path, text: str, mistake: str
) -> None:
    assert mistakes(tmp_path, text, Box) == [f"main.yaml:{mistake}"]


@pytest.mark.parametrize(
    ("trigger", "mistake"),
    [
        (
            "{trigger: foldr, path: a}",
            (
                "2:21: 'trigger' must be one of folder, schedule, not 'foldr' "
                "(did you mean 'folder'?)"
            ),
        ),
        ("{path: a}", "2:11: the key 'trigger' is missing"),
        ("{trigger: folder}", "2:11: the key 'path' is missing"),
        (
            "{trigger: folder, path: a, pattern: b}",
            ("2:38: unknown key 'pattern' (did you mean 'patterns'?)"),
        ),
        (
            "{trigger: [folder], path: a}",
            "2:21: 'trigger' must be one of folder, schedule, not a list",
        ),
    ],
)
def test_a_mistake_in_a_tagged_union_names_its_place(
    tmp_path: Path, trigger: str, mistake: str
) -> None:
    assert mistakes(tmp_path, f"id: a\ntriggers: {trigger}", Rule) == [f"main.yaml:{mistake}"]


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    text = "whole: x\nflag: x\nsize: x\nwait: x\nxyz: x\n"
    assert [line.split(":")[1] for line in mistakes(tmp_path, text, Box)] == list("12345")


def test_a_check_of_the_struct_is_told_at_its_place(tmp_path: Path) -> None:
    found = mistakes(tmp_path, "a:\n  {low: 2, high: 1}", dict[str, Range])
    assert found == ["main.yaml:2:3: low is more than high"]


def test_a_key_given_twice_breaks_the_mapping_that_holds_it(tmp_path: Path) -> None:
    found = mistakes(tmp_path, "a: 1\na: 2", dict[str, int])
    assert found == ["main.yaml:2:1: the key 'a' is already in line 1"]


def test_a_shorter_spelling_is_rewritten_before_it_is_read(tmp_path: Path) -> None:
    reader = Reader(Problems())
    wanted = list[Annotated[Rule, rewritten(_from_text)]]
    assert reader.read(load(tmp_path, "[a, {id: b}]"), wanted) == [Rule(id="a"), Rule(id="b")]


def test_a_broken_element_leaves_its_neighbours_alone(tmp_path: Path) -> None:
    problems = Problems()
    element = load(tmp_path, "- id: a\n- id: b\n  mode: double\n- id: c\n")
    assert isinstance(element, Sequence)
    first, broken, last = (Reader(problems).read_alone(item, Rule) for item in element.items)
    assert (first.value, last.value) == (Rule(id="a"), Rule(id="c"))
    assert broken.value is None
    assert [str(problem) for problem in broken.problems] == [
        "main.yaml:3:9: 'mode' must be one of single, queued, not 'double'"
    ]
    assert broken.element.place.line == 2
    assert not problems


def test_a_file_that_cannot_be_read_is_a_broken_element(tmp_path: Path) -> None:
    reading = Reader(Problems()).read_alone(load(tmp_path, "- id: [\n"), Rule)
    assert reading.value is None
    assert reading.problems
