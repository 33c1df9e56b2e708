"""The power goes right after an answer: what was accepted, published or removed is so for good."""

import hashlib
import json
import os
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.testing.pictures import write_photograph
from tests.whole import hub_process
from tests.whole.hub_process import HubProcess, names, rows, running_hub
from tests.whole.losing_disk import LosingDisk, can_lose

HOOK = "a-long-and-secret-address-of-a-webhook"
WEBHOOK = f"""
- id: cards
  mode: queued
  triggers: [{{trigger: webhook, webhook_id: {HOOK}}}]
  actions: [{{action: output.find, data: {{since: 1h}}}}]
"""


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[LosingDisk]:
    if not can_lose():
        pytest.skip("a file system can be mounted by root only")
    disk = LosingDisk(tmp_path / "image", tmp_path / "disk")
    try:
        disk.mount()
    except subprocess.CalledProcessError:
        disk.put_away()
        pytest.skip("no file system can be mounted here")
    yield disk
    disk.put_away()


@pytest.fixture
def config(disk: LosingDisk) -> Path:
    """A configuration that has long been on the disk."""
    config = disk.folder / "config"
    hub_process.write_configuration(config)
    with (config / "automations.yaml").open("a") as file:
        file.write(WEBHOOK)
    with running_hub(config) as running:  # the database too
        assert running.wait_for("ready")
    disk.sync()
    return config


def cut(disk: LosingDisk, running: HubProcess) -> None:
    """Power off, and on again."""
    disk.cut()
    running.end()
    disk.unmount()
    disk.mount()


def post(ready: str, path: str) -> tuple[int, dict[str, object]]:
    request = urllib.request.Request(f"{ready.split()[1]}{path}", b"{}", method="POST")
    with urllib.request.urlopen(request, timeout=60) as response:
        return response.status, json.load(response)


@pytest.mark.parametrize("count", [1, 20])
def test_a_webhook_that_was_answered_202_is_kept(
    disk: LosingDisk, config: Path, count: int
) -> None:
    with running_hub(config) as running:
        ready = running.wait_for("ready")
        answers = [post(ready, f"/api/webhook/{HOOK}") for _ in range(count)]
        cut(disk, running)
    assert {status for status, _ in answers} == {202}
    assert {body["event"] for _, body in answers} == {
        event for (event,) in rows(config, "SELECT id FROM events")
    }
    with running_hub(config) as running:
        assert running.wait_for("ready")
        while rows(config, "SELECT count(*) FROM firings WHERE ended_at NOT NULL") != [(count,)]:
            assert running.wait_for("firing") == "firing succeeded"


def test_an_output_that_was_told_of_is_on_the_disk(disk: LosingDisk, config: Path) -> None:
    with running_hub(config) as running:
        assert running.wait_for("ready")
        write_photograph(config / "inbox" / "a.jpg", seed=1, size=(64, 48))
        assert running.wait_for("run") == "run 1 succeeded"
        cut(disk, running)
    assert rows(config, "SELECT state FROM runs") == [("succeeded",)]
    [(path, sha256)] = rows(config, "SELECT path, sha256 FROM outputs")
    assert hashlib.sha256(Path(os.fsdecode(path)).read_bytes()).hexdigest() == sha256
    with running_hub(config) as running:
        assert running.wait_for("ready")
        if rows(config, "SELECT 1 FROM firings WHERE ended_at IS NOT NULL") == []:
            assert running.wait_for("firing") == "firing succeeded"
    assert rows(config, "SELECT count(*) FROM runs") == [(1,)]
    assert names(config / "out") == ["a.png"]
    assert names(config / "data" / "output") == ["photo_00001_.png"]


def test_no_row_comes_back_whose_file_was_removed(disk: LosingDisk, config: Path) -> None:
    with (config / "hub.yaml").open("a") as file:
        file.write("retention: {outputs: {count: 0}}\n")
    with running_hub(config) as running:
        ready = running.wait_for("ready")
        for seed in (1, 2):
            write_photograph(config / "inbox" / f"{seed}.jpg", seed=seed, size=(64, 48))
            assert running.wait_for("firing") == "firing succeeded"
        disk.sync()
        assert post(ready, "/api/hub/prune")[0] == 200
        output = os.open(config / "data" / "output", os.O_RDONLY)
        os.fsync(output)  # the files are gone for good: the most that can be lost is the rows' end
        os.close(output)
        cut(disk, running)
    assert names(config / "data" / "output") == []
    assert rows(config, "SELECT path FROM outputs") == []
