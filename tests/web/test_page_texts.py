"""The page's texts for what the hub itself says."""

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from hub.automations.forms import FormField, forms

HELPS = Path(__file__).parents[2] / "frontend/src/text/helps-de.ts"


def test_every_help_for_a_setting_is_there_in_german() -> None:
    text = HELPS.read_text("utf-8")
    keys = re.findall(r'^  ("(?:[^"\\]|\\.)*"):$', text, re.MULTILINE)
    written = [json.loads(key) for key in keys]
    assert sorted(set(written)) == sorted(written)
    assert set(written) == {*said()}


def said() -> Iterator[str]:
    known = forms([])
    yield from helps(known.automation)
    for kind in (*known.triggers, *known.conditions, *known.actions):
        yield kind.about
        yield from helps(kind.fields)


def helps(fields: Sequence[FormField]) -> Iterator[str]:
    for field in fields:
        if field.help:
            yield field.help
        yield from helps(field.fields)
