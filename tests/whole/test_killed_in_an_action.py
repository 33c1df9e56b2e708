"""Kill the hub in the middle of an action: what it does to files is done once all the same."""

from pathlib import Path

import pytest

from hub.testing.pictures import write_photograph
from tests.whole.hub_process import names, rows, running_hub, write_configuration

CRASH_POINTS = ["during_file_move", "during_file_delete"]
ACTIONS = """
- id: files
  triggers:
    - {trigger: folder, path: inbox, settle: 0.05s, existing: process}
  actions:
    - {action: file.copy, data: {path: "{{ trigger.path }}", to: "out/copy.jpg"}}
    - {action: file.move, data: {path: "{{ trigger.path }}", to: "inbox/kept/"}}
    - {action: file.copy, data: {path: "inbox/kept/a.jpg", to: "out/gone.jpg"}}
    - {action: file.delete, data: {path: "out/gone.jpg"}}
"""
OTHERS = ["after_step_begun", "after_reserve", "after_link", "after_step_begun:2", "after_link:2"]
OTHERS += ["after_step_ended", "after_step_ended:2", "after_step_begun:4"]


@pytest.mark.parametrize(
    "crash_at", [*CRASH_POINTS, *(pytest.param(point, marks=pytest.mark.slow) for point in OTHERS)]
)
def test_files_are_where_they_belong_wherever_the_hub_is_killed(
    tmp_path: Path, crash_at: str
) -> None:
    write_configuration(tmp_path)
    (tmp_path / "automations.yaml").write_text(ACTIONS)
    write_photograph(tmp_path / "inbox" / "a.jpg", seed=1, size=(64, 48))
    content = (tmp_path / "inbox" / "a.jpg").read_bytes()
    with running_hub(tmp_path, crash_at=crash_at) as running:
        assert running.wait_for("never") == ""
    with running_hub(tmp_path) as running:
        assert running.wait_for("firing") == "firing succeeded"
    assert names(tmp_path / "inbox") == ["kept/a.jpg"]
    assert names(tmp_path / "out") == ["copy.jpg"]
    assert (tmp_path / "inbox/kept/a.jpg").read_bytes() == content
    assert (tmp_path / "out/copy.jpg").read_bytes() == content
    assert rows(tmp_path, "SELECT count(*) FROM events") == [(1,)]
    assert rows(tmp_path, "SELECT count(*) FROM placements WHERE NOT done") == [(0,)]
