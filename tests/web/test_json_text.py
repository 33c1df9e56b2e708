"""Anything of ours as JSON."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hub.records.run import Origin
from hub.web.json_text import to_json


def test_a_file_name_that_is_no_utf_8_keeps_its_bytes() -> None:
    path = Path(os.fsdecode(b"caf\xe9.jpg"))
    told = json.loads(to_json({"path": path}))["path"]
    assert os.fsencode(told) == b"caf\xe9.jpg"


def test_times_and_words_of_ours_become_texts() -> None:
    content = {"at": datetime(2026, 1, 15, tzinfo=UTC), "origin": Origin.API}
    assert json.loads(to_json(content)) == {"at": "2026-01-15T00:00:00Z", "origin": "api"}


@pytest.mark.parametrize("text", ["ordinary", os.fsdecode(b"\xff")])
def test_what_is_no_data_is_refused(text: str) -> None:
    with pytest.raises(TypeError, match="object cannot be written as JSON"):
        to_json([text, object()])
