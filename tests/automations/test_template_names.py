"""Every name that templates may use, by the examples of the documentation."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from hub.automations.judging import seen_by_templates
from hub.automations.template_environment import TemplateFailed
from hub.automations.template_names import FILTERS, FUNCTIONS, TESTS
from hub.automations.template_render import render
from hub.records.event import Event

PAGE = Path(__file__).parents[2] / "docs" / "templates.md"
EXAMPLE = re.compile(r"^- `(\w+)`: .*?`(\{\{.+?\}\})` gives `(.+)`$", re.MULTILINE)
EXAMPLES = EXAMPLE.findall(PAGE.read_text())
TRIGGER = {"path": "/inbox/cat_01.png", "stem": "cat_01", "files": ["b", "a"]}


def value(source: str, **variables: Any) -> Any:
    """What the template gives on 15 January 2026 at 12:00 UTC in Berlin."""
    return render(
        source,
        {"trigger": TRIGGER, **variables},
        native=True,
        now=datetime(2026, 1, 15, 12, tzinfo=UTC),
        zone=ZoneInfo("Europe/Berlin"),
        output_limit=10_000,
    )


@pytest.mark.parametrize(("name", "template", "result"), EXAMPLES, ids=[e[0] for e in EXAMPLES])
def test_every_example_of_the_page_gives_what_the_page_says(
    name: str, template: str, result: str
) -> None:
    assert value(template) == json.loads(result)
    assert re.search(rf"\b{name}\b", template)


# In test_template_facts.py.
OURS = {"image_size", "exif", "phash", "dominant_color", "wildcard", "seed_from"}


def test_every_name_has_one_example() -> None:
    assert sorted(name for name, _, _ in EXAMPLES) == sorted({*FUNCTIONS, *FILTERS, *TESTS} - OURS)


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{{ today_at() }}", "2026-01-15 00:00:00+01:00"),
        ("{{ as_datetime(0) }}", "1970-01-01 00:00:00+00:00"),
        ("{{ as_datetime('2026-01-15').hour }}", 0),
        ("{{ as_datetime('soon', 'never') }}", "never"),
        ("{{ as_timestamp('soon', none) }}", None),
        ("{{ as_timestamp('1970-01-01T01:00') }}", 0.0),
        ("{{ 0 | timestamp_custom('%H:%M') }}", "01:00"),
        ("{{ 0 | timestamp_custom('%H:%M', false) }}", "00:00"),
        ("{{ 'x' | timestamp_custom(default='?') }}", "?"),
        ("{{ 'soon' | timestamp_local('?') }}", "?"),
        ("{{ 'soon' | timestamp_utc('?') }}", "?"),
        ("{{ strptime('soon', '%H', '?') }}", "?"),
        ("{{ 'x' | add(1, 0) }}", 0),
        ("{{ relative_time(now() - timedelta(days=800)) }}", "2 years"),
        ("{{ relative_time(now() - timedelta(seconds=1)) }}", "1 second"),
        ("{{ relative_time(now()) }}", "0 seconds"),
        ("{{ relative_time('nothing') }}", "nothing"),
        ("{{ from_json('{', 'bad') }}", "bad"),
        ("{{ {'at': utcnow()} | to_json }}", '{"at":"2026-01-15T12:00:00+00:00"}'),
        ("{{ '日本' | slugify }}", "unknown"),
        ("{{ 'Große Straße' | slugify('-') }}", "grosse-strasse"),
        ("{{ [1, 2, 3, 11, 12, 13, 21, 111] | map('ordinal') | join(' ') }}",
         "1st 2nd 3rd 11th 12th 13th 21st 111th"),
        ("{{ '3.7' | int }}", 3),
        ("{{ 'ff' | int(base=16) }}", 255),
        ("{{ 'x' | float('none') }}", "none"),
        ("{{ 2 | bool }}", True),
        ("{{ 'perhaps' | bool(false) }}", False),
        ("{{ 2.7 | round }}", 3),
        ("{{ 2.7 | round(0, 'floor') }}", 2),
        ("{{ 2.7 | round(1, 'half') }}", 2.5),
        ("{{ 'x' | round(default=0) }}", 0),
        ("{{ average([], 0) }}", 0),
        ("{{ median([4, 1]) }}", 2.5),
        ("{{ none | iif('a', 'b', 'c') }}", "c"),
        ("{{ none | iif('a', 'b') }}", "b"),
        ("{{ {'a': {'x': 1}} | combine({'a': {'y': 2}}, recursive=true) }}",
         {"a": {"x": 1, "y": 2}}),
        ("{{ {'a': {'x': 1}} | combine({'a': {'y': 2}}) }}", {"a": {"y": 2}}),
        ("{{ [1, [2, [3]]] | flatten(1) }}", [1, 2, [3]]),
    ],
)  # fmt: skip
def test_names_do_what_home_assistants_do(template: str, expected: Any) -> None:
    assert value(template) == expected


@pytest.mark.parametrize(
    ("template", "sentence"),
    [
        ("{{ as_datetime('soon') }}", "'soon' is no date and time"),
        ("{{ 'x' | float }}", "'x' is no number, and no default is given"),
        ("{{ 'x' | int }}", "'x' is no whole number"),
        ("{{ 'perhaps' | bool }}", "'perhaps' is no truth value"),
        ("{{ strptime('soon', '%H') }}", "'soon' is not written as '%H'"),
        ("{{ 'x' | multiply(2) }}", "'x' is no number"),
        ("{{ 2 | round(1, 'up') }}", "'up' is no way of rounding"),
        ("{{ [] | random }}", "nothing to choose from"),
        ("{{ [] | average }}", "at least one data point"),
        ("{{ trigger.nothing | is_defined }}", "'trigger.nothing' is not defined"),
        ("{{ '(' | regex_match('(') }}", "unterminated subpattern"),
    ],
)
def test_what_cannot_be_done_is_said(template: str, sentence: str) -> None:
    with pytest.raises(TemplateFailed, match=re.escape(sentence)):
        value(template)


def test_what_every_template_sees_is_documented() -> None:
    event = Event(
        id="e",
        automation="a",
        trigger="t",
        platform="webhook",
        key="k",
        observed_at=datetime(2026, 1, 15, tzinfo=UTC),
        variables={},
    )
    seen, page = seen_by_templates(event), PAGE.read_text()
    names = ["trigger", *(f"context.{name}" for name in seen["context"])]
    assert set(seen) == {"trigger", "context"}
    assert [name for name in names if f"`{name}`" not in page] == []


def test_chance_is_the_same_for_the_same_template_at_the_same_moment() -> None:
    template = "{{ range(1000) | random }} {{ range(1000) | random }}"
    first, second = value(template).split()
    assert value(template) == f"{first} {second}"
    assert first != second


def test_a_file_name_that_is_no_utf8_has_a_digest_of_its_bytes() -> None:
    assert value("{{ name | md5 }}", name="\udcff") == "00594fd4f42ba43fc1ca0427a0576295"
