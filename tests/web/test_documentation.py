"""docs/api.md tells of everything that the server answers."""

import re
from pathlib import Path

from hub import notices
from hub.web.server import ROUTES

PATTERNS = re.compile(r":(\\d\{1,\d+\}|\.\+)(?=\})")  # for a number, and for a path of any depth
DOCUMENT = (Path(__file__).parents[2] / "docs" / "api.md").read_text()


def test_every_route_is_documented_and_every_documented_route_is_there() -> None:
    documented = set(re.findall(r"`((?:GET|POST|PUT|PATCH|DELETE) /[^`]*)`", DOCUMENT))
    served = {f"{r.method} {PATTERNS.sub('', r.path)}" for r in ROUTES}
    shortest = {r for r in served if r.replace(" /api/", " /", 1) not in served - {r}}
    shortest = {r for r in shortest if r.replace(" /editor/", " /", 1) not in served - {r}}
    assert documented == shortest


def test_every_notice_is_documented() -> None:
    names = [kind.__name__ for kind in notices.Notice.__args__]
    assert [name for name in names if f"`{name}`" not in DOCUMENT] == []
