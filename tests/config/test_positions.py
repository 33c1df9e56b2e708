"""Positions: later checks can still say where something was written."""

from pathlib import Path

import pytest

from hub.config.problems import Place, Problems
from hub.config.reader import Reader
from tests.config.reading import Rule, load

_TEXT = """
id: inbox
variables:
  deep: {list: [1, "{{ x }}"]}
trigger:
  platform: folder
  path: inbox
"""


@pytest.mark.parametrize(
    ("path", "line", "column"),
    [
        ((), 2, 1),
        (("id",), 2, 5),
        (("variables", "deep", "list", 1), 4, 20),
        (("variables", "deep", "missing"), 4, 9),
        (("variables", "deep", "list", 7), 4, 16),
        (("mode",), 2, 1),
        (("triggers",), 6, 3),
    ],
)
def test_every_value_has_a_position(
    tmp_path: Path, path: tuple[str | int, ...], line: int, column: int
) -> None:
    reader = Reader(Problems())
    rule = reader.read(load(tmp_path, _TEXT), Rule)
    assert rule is not None
    assert reader.positions.of(rule, *path) == Place("main.yaml", line, column)


def test_values_inside_have_positions_of_their_own(tmp_path: Path) -> None:
    reader = Reader(Problems())
    rule = reader.read(load(tmp_path, _TEXT), Rule)
    assert rule is not None
    assert reader.positions.of(rule.triggers[0], "path") == Place("main.yaml", 7, 9)
