"""What is said of graphs that are at home in no worker, and of runs that must wait."""

from hub.engine.check import check_graph
from hub.engine.homes import HeldUp, held_up
from hub.engine.keeper import WorkerState, WorkerStatus
from hub.engine.kinds import Kind, Lane
from tests.engine.schemas import catalogue_of, of_pack
from tests.engine.story import node

BOTH = {"1": node("Plain"), "3": node("A"), "5": node("B")}


def status(name: str, state: WorkerState, reason: str | None = None) -> WorkerStatus:
    return WorkerStatus(
        name=name,
        state=state,
        device="cpu",
        primary=False,
        ready=state is WorkerState.READY,
        reason=reason,
    )


def test_a_graph_that_no_single_worker_can_carry_out_is_refused_by_the_check() -> None:
    catalogue = catalogue_of(gpu=of_pack("a", "A"), cpu=of_pack("b", "B"), more=of_pack("b", "B"))
    checked = check_graph(BOTH, catalogue)
    assert checked.outputs == ()
    assert checked.error is not None
    assert checked.error["message"] == (
        "Cannot execute because no worker has all of its nodes: "
        "node 3 (A of pack a) is in worker gpu; node 5 (B of pack b) is in workers cpu, more."
    )


def test_it_is_accepted_while_a_worker_has_not_told_what_it_has() -> None:
    catalogue = catalogue_of(gpu=of_pack("a", "A"), cpu=of_pack("b", "B"), late=None)
    assert check_graph(BOTH, catalogue).outputs == ("1", "3", "5")


def test_runs_that_wait_for_a_worker_are_told_with_its_reason() -> None:
    catalogue = catalogue_of(gpu=of_pack("a", "A"), cpu=())
    kinds = {Kind(Lane.EXECUTION, frozenset({"A"})): 2, Kind(Lane.LIGHT): 3}
    workers = [
        status("gpu", WorkerState.CANNOT_START, "There is no device cuda:1."),
        status("cpu", WorkerState.READY),
    ]
    assert held_up(kinds, catalogue, workers) == [
        HeldUp(count=2, reason="worker gpu cannot start: There is no device cuda:1.")
    ]


def test_with_no_worker_ready_everything_waits_for_all_of_them() -> None:
    catalogue = catalogue_of(gpu=(), cpu=())
    workers = [
        status("gpu", WorkerState.STARTING),
        status("cpu", WorkerState.RESTARTING, "It died."),
    ]
    kinds = {Kind(Lane.LIGHT): 1, Kind(Lane.EXECUTION): 2}
    reason = "worker gpu is starting; worker cpu is restarting: It died."
    assert held_up(kinds, catalogue, workers) == [HeldUp(count=3, reason=reason)]


def test_classes_that_nobody_told_of_are_awaited_from_those_who_have_not_spoken() -> None:
    catalogue = catalogue_of(gpu=(), late=None)
    workers = [status("gpu", WorkerState.READY), status("late", WorkerState.STARTING)]
    kinds = {Kind(Lane.EXECUTION, frozenset({"Unknown"})): 1}
    assert held_up(kinds, catalogue, workers) == [HeldUp(count=1, reason="worker late is starting")]
