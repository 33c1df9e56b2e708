"""Which workers the settings ask for, and which packs each loads."""

from pathlib import Path

from hub.config.engine_settings import EngineSettings
from hub.config.folders import Folders
from hub.config.found_packs import find_packs
from hub.config.worker_settings import WorkerSettings
from hub.engine.planned_worker import PlannedWorker, planned_workers


def folders(
    tmp_path: Path, *packs: str, allow: tuple[str, ...] = (), apart: tuple[str, ...] = ()
) -> Folders:
    for name in packs:
        (tmp_path / name).write_text("")
    return Folders(
        config=tmp_path, data=tmp_path, packs=(tmp_path,), chosen_packs=allow, packs_apart=apart
    )


def loaded(workers: tuple[PlannedWorker, ...]) -> dict[str, list[str]]:
    return {worker.name: [pack.name for pack in find_packs(worker.folders)] for worker in workers}


def test_a_number_makes_equal_workers(tmp_path: Path) -> None:
    one = planned_workers(EngineSettings(), folders(tmp_path, "a.py"))
    assert loaded(one) == {"main": ["a"]}
    two = planned_workers(EngineSettings(workers=2, slots=3), folders(tmp_path, "a.py"))
    assert loaded(two) == {"main 1": ["a"], "main 2": ["a"]}
    assert [worker.slots for worker in two] == [3, 3]


def test_each_kind_has_its_device_slots_and_packs(tmp_path: Path) -> None:
    kinds = [
        WorkerSettings(name="gpu", device="cuda:1", count=2, slots=1, packs=["a.py"]),
        WorkerSettings(name="plain", device="cpu", packs="none"),
        WorkerSettings(name="all"),
    ]
    workers = planned_workers(
        EngineSettings(workers=kinds, slots=8), folders(tmp_path, "a.py", "b.py")
    )
    assert loaded(workers) == {"gpu 1": ["a"], "gpu 2": ["a"], "plain": [], "all": ["a", "b"]}
    assert [worker.device for worker in workers] == ["cuda:1", "cuda:1", "cpu", "auto"]
    assert [worker.slots for worker in workers] == [1, 1, 8, 8]


def test_a_pack_that_is_kept_apart_has_a_worker_of_its_own(tmp_path: Path) -> None:
    kinds = [WorkerSettings(name="gpu", device="cuda"), WorkerSettings(name="b", packs=["b", "c"])]
    workers = planned_workers(
        EngineSettings(workers=kinds), folders(tmp_path, "a.py", "b.py", "c.py", apart=("b.py",))
    )
    assert loaded(workers) == {"gpu": ["a", "c"], "b": ["c"], "pack:b": ["b"]}
    assert workers[-1].device == "cuda"


def test_what_the_whole_hub_leaves_out_is_in_no_worker(tmp_path: Path) -> None:
    kinds = [WorkerSettings(name="x", packs=["a", "b"]), WorkerSettings(name="y", packs=["b"])]
    workers = planned_workers(
        EngineSettings(workers=kinds), folders(tmp_path, "a.py", "b.py", allow=("a",))
    )
    assert loaded(workers) == {"x": ["a"], "y": []}
