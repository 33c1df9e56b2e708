"""Kill the hub while it removes old outputs: none is lost that is still spoken of, and none stays
that nobody knows of."""

import os
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from hub.testing.pictures import write_photograph
from tests.whole.hub_process import HubProcess, names, rows, running_hub, write_configuration

POINTS = ["before_removal", "after_removal"]
SETTINGS = "folders: {allow: [inbox, out]}\nretention: {outputs: {count: 1}}\n"


def prune(running: HubProcess, ready: str) -> None:
    request = urllib.request.Request(f"{ready.split()[1]}/api/hub/prune", b"", method="POST")
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            assert response.status == 200
    except urllib.error.HTTPError:
        raise
    except OSError:  # it died before it could answer
        assert running.wait_for("never") == ""


@pytest.mark.parametrize("crash_at", POINTS)
def test_files_follow_their_rows_even_after_a_crash(tmp_path: Path, crash_at: str) -> None:
    write_configuration(tmp_path)
    (tmp_path / "hub.yaml").write_text(SETTINGS)
    with running_hub(tmp_path, crash_at=crash_at) as running:
        ready = running.wait_for("ready")
        for seed in (1, 2, 3):
            write_photograph(tmp_path / "inbox" / f"{seed}.jpg", seed=seed, size=(64, 48))
            assert running.wait_for("firing") == "firing succeeded"
        prune(running, ready)
        assert running.process.wait() == -9
        assert_nothing_known_is_missing(tmp_path)
    with running_hub(tmp_path) as running:
        prune(running, running.wait_for("ready"))
    assert_nothing_known_is_missing(tmp_path)
    assert names(tmp_path / "data" / "output") == ["photo_00003_.png"]
    assert rows(tmp_path, "SELECT count(*) FROM removals") == [(0,)]
    assert names(tmp_path / "out") == ["1.png", "2.png", "3.png"]


def assert_nothing_known_is_missing(config: Path) -> None:
    for (path,) in rows(config, "SELECT path FROM outputs"):
        assert Path(os.fsdecode(path)).exists()
