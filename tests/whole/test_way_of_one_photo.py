"""Kill the hub at any step of the way of one photo: there is one run and one set of outputs."""

import os
from pathlib import Path

import pytest

from hub.testing.pictures import write_photograph
from tests.whole.hub_process import assert_gone, names, rows, running_hub, write_configuration

EARLY = ["before_event", "after_firing", "after_reserve", "after_link", "during_move"]
ALL_OTHERS = [
    "file_inspected",
    "input_copied",
    "file_admitted",
    "after_event",
    "before_firing",
    "after_starting",
    "after_begun",
    "after_execution",
    "before_reserve",
    "before_publish",
    "after_publish",
    "after_step_begun",
    "after_step_ended",
    "after_reserve:2",
    "after_link:2",
    "after_step_ended:2",
    "before_move",
    "after_reserve:3",
    "after_link:3",
    "after_move",
    "after_firing_ended",
]


def go_the_way(config: Path, crash_at: str, *, real_worker: bool) -> None:
    """Drop a photo, die at the point, start again, and see it through."""
    write_configuration(config)
    write_photograph(config / "inbox" / "a.jpg", seed=1, size=(64, 48))
    with running_hub(config, crash_at=crash_at, real_worker=real_worker) as running:
        running.wait_for("ready")
        started = running.processes()
        assert running.wait_for("never") == ""
        assert running.process.returncode == -9
        assert_gone(started)
    with running_hub(config, real_worker=real_worker) as running:
        if rows(config, "SELECT 1 FROM firings WHERE ended_at IS NOT NULL") == []:
            assert running.wait_for("firing") == "firing succeeded"


def assert_one_of_everything(config: Path) -> None:
    assert rows(config, "SELECT count(*) FROM events") == [(1,)]
    assert rows(config, "SELECT state FROM firings") == [("succeeded",)]
    assert rows(config, "SELECT state FROM runs") == [("succeeded",)]
    assert rows(config, "SELECT count(*) FROM outputs") == [(1,)]
    assert rows(config, "SELECT count(*) FROM placements WHERE NOT done") == [(0,)]
    assert names(config / "data" / "output") == ["photo_00001_.png"]
    assert names(config / "out") == ["a.png"]
    assert names(config / "inbox") == ["processed/a.jpg"]


@pytest.mark.parametrize("crash_at", EARLY)
def test_one_photo_is_one_run_wherever_the_hub_is_killed(tmp_path: Path, crash_at: str) -> None:
    go_the_way(tmp_path, crash_at, real_worker=False)
    assert_one_of_everything(tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("crash_at", ALL_OTHERS)
def test_the_same_at_every_other_point(tmp_path: Path, crash_at: str) -> None:
    go_the_way(tmp_path, crash_at, real_worker=False)
    assert_one_of_everything(tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("crash_at", ["after_begun", "after_reserve", "after_link"])
def test_the_same_with_a_real_worker(tmp_path: Path, crash_at: str) -> None:
    go_the_way(tmp_path, crash_at, real_worker=True)
    assert_one_of_everything(tmp_path)


def test_a_worker_killed_in_mid_run_is_replaced_and_the_run_goes_again(tmp_path: Path) -> None:
    write_configuration(tmp_path)
    with running_hub(tmp_path, real_worker=True) as running:
        assert running.wait_for("ready")
        while not (workers := running.workers()):
            os.sched_yield()
        write_photograph(tmp_path / "inbox" / "a.jpg", seed=1, size=(3000, 2000))
        assert running.wait_for("begun") == "begun 1"
        [worker] = workers  # which was looked for before: the run does not wait for that
        worker.kill()
        assert running.wait_for("firing") == "firing succeeded"
        assert rows(tmp_path, "SELECT deaths, attempt FROM runs") == [(1, 2)]
        assert len(running.workers()) == 1
    assert_one_of_everything(tmp_path)


def test_a_stopped_hub_leaves_no_process_behind(tmp_path: Path) -> None:
    write_configuration(tmp_path)
    with running_hub(tmp_path, real_worker=True) as running:
        assert running.wait_for("ready")
        started = running.processes()
        running.process.terminate()
        assert_gone(started)
        assert running.process.wait() == 0


def test_it_goes_its_way_below_a_folder_of_any_name(tmp_path: Path) -> None:
    config = tmp_path / "what? 100% #1"
    write_configuration(config)
    write_photograph(config / "inbox" / "a.jpg", seed=1, size=(64, 48))
    with running_hub(config, real_worker=True) as running:
        assert running.wait_for("firing") == "firing succeeded"
    assert_one_of_everything(config)
    assert [file.name for file in tmp_path.iterdir()] == [config.name]
