"""What a trigger would do, over the hub's own API."""

import os
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from hub.automations.trigger_preview import files_in
from tests.web.client import Client


async def preview(client: Client, **trigger: Any) -> dict[str, Any]:
    status, told = await client.post("/api/hub/triggers/preview", {"trigger": trigger})
    assert status == 200
    return dict(told)


async def test_a_schedule_tells_its_next_ten_times(client: Client) -> None:
    told = await preview(client, trigger="schedule", every="2h")
    times = [datetime.fromisoformat(time) for time in told["times"]]
    assert len(times) == 10
    assert {later - time for time, later in pairwise(times)} == {timedelta(hours=2)}


async def test_a_folder_tells_its_latest_files_and_what_is_against_each(
    client: Client, config: Path
) -> None:
    for name, age in (("old.png", 200), ("notes.txt", 100), ("new.png", 0)):
        file = config / "inbox" / name
        file.write_bytes(b"")
        os.utime(file, (1_700_000_000 - age,) * 2)
    told = await preview(client, trigger="folder", path="inbox")
    assert [file["name"] for file in told["files"]] == ["new.png", "notes.txt", "old.png"]
    assert [file["against"] is None for file in told["files"]] == [True, False, True]
    assert "'.txt'" in told["files"][1]["against"]


def test_a_file_that_vanishes_meanwhile_is_left_out(tmp_path: Path) -> None:
    for name in ("a.png", "b.png"):
        (tmp_path / name).touch()
    files = files_in(tmp_path)
    _, first = next(files)
    for path in {tmp_path / "a.png", tmp_path / "b.png"} - {first}:
        path.unlink()
    assert list(files) == []


@pytest.mark.parametrize(
    ("trigger", "problem"),
    [
        ({"trigger": "schedule", "cron": "61 * * * *"}, "61"),
        ({"trigger": "folder", "path": "/etc"}, "not among the allowed folders"),
        ({"trigger": "folder", "path": "inbox/nowhere"}, "No such file"),
        ({"trigger": "nothing"}, "nothing"),
        ({"trigger": "sun", "event": "sunset"}, "location:"),
    ],
)
async def test_what_cannot_be_told_has_a_reason(
    client: Client, trigger: dict[str, Any], problem: str
) -> None:
    told = await preview(client, **trigger)
    assert told["problem"] is not None
    assert problem in told["problem"]


async def test_others_have_nothing_to_tell(client: Client) -> None:
    told = await preview(client, trigger="startup")
    assert told == {"problem": None, "times": [], "files": []}
