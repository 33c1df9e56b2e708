"""Mistakes in the YAML itself, each at its place."""

from pathlib import Path
from typing import Any

import pytest

from hub.config.documents import Documents
from hub.config.elements import plain_value
from hub.config.problems import Problems
from hub.config.reader import Reader
from tests.config.reading import load, mistakes


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("a: b: c", "1:5: this is not YAML: mapping values are not allowed in this context"),
        ("a:\n\tb: 1", "2:1: a tab cannot indent YAML; use spaces"),
        ("a: 1\na: 2", "2:1: the key 'a' is already in line 1"),
        ("a: {{ trigger.path }}", '1:5: a template must stand in quotes: "{{ … }}"'),
        ("? [1]\n: 2", "1:3: a key must be a single text"),
        ("a: *b", "1:4: the anchor 'b' is not defined"),
        ("- &a [*a]", "1:7: the anchor 'a' is not defined"),
        ("a: 1\n---\nb: 2", "2:1: a second document begins here; one is allowed"),
        ("a: ü\nb: \x01", "2:4: the character U+0001 is not allowed in YAML"),
        ('a: "in\\0box"', "1:4: no text may hold the character NUL"),
        ("a: {<<: 5}", "1:9: only mappings can be merged by '<<'"),
        ("a: !inclde x.yaml", "1:4: unknown tag '!inclde' (did you mean '!include'?)"),
        ("a: !include", "1:4: !include must be followed by a name"),
    ],
)
def test_a_mistake_has_its_place(tmp_path: Path, text: str, mistake: str) -> None:
    assert mistakes(tmp_path, text, Any) == [f"main.yaml:{mistake}"]


def test_aliases_that_multiply_are_refused(tmp_path: Path) -> None:
    lines = ["a0: &a0 [1, 2, 3, 4, 5, 6, 7, 8, 9]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9)]
    assert mistakes(tmp_path, "\n".join(lines), Any) == [
        "main.yaml:7:10: this is not YAML: the anchors in this file stand for too much"
    ]


def test_an_unclosed_bracket_names_where_it_opened(tmp_path: Path) -> None:
    [mistake] = mistakes(tmp_path, "a: [1,\nb: 2\n", Any)
    assert mistake.startswith("main.yaml:3:1: this is not YAML:")
    assert "that began in line 1" in mistake


def test_nesting_without_end_is_refused(tmp_path: Path) -> None:
    assert mistakes(tmp_path, "[" * 5000, Any) == [
        "main.yaml:1:65: this is not YAML: nested too deeply"
    ]


def test_a_file_in_another_encoding_is_refused_at_its_first_bad_character(tmp_path: Path) -> None:
    (tmp_path / "main.yaml").write_bytes("a: 1\nb: größe\n".encode("latin-1"))
    problems = Problems()
    Reader(problems).read(Documents(tmp_path).load(tmp_path / "main.yaml"), Any)
    assert [str(problem) for problem in problems] == [
        "main.yaml:2:6: this is not UTF-8; save the file in that encoding"
    ]


def test_a_byte_order_mark_is_ignored(tmp_path: Path) -> None:
    assert plain_value(load(tmp_path, "\ufeffa: 1")) == {"a": 1}


def test_anchors_and_merges_give_their_values_again(tmp_path: Path) -> None:
    text = "x: &x {a: 1, b: 2}\ny: {<<: *x, b: 3}\nz: {<<: [*x, {c: 4}]}\n"
    values = plain_value(load(tmp_path, text))
    assert values["y"] == {"a": 1, "b": 3}
    assert values["z"] == {"a": 1, "b": 2, "c": 4}
