"""The order in which jobs wait."""

from hub.engine.job import Job
from hub.engine.kinds import Kind, Lane
from hub.engine.waiting import Waiting
from hub.testing.clock import ScriptedClock
from tests.engine.story import job

LIGHT = Kind(Lane.LIGHT)
HEAVY = Kind(Lane.EXECUTION)
ALONE = Kind(Lane.ALONE)
OF_A_PACK = Kind(Lane.EXECUTION, frozenset({"OfSomePack"}))


def waiting_jobs(*jobs: tuple[Job, Kind]) -> Waiting:
    waiting = Waiting(ScriptedClock())
    for waits, kind in jobs:
        waiting.add(waits, kind)
    return waiting


def heads(waiting: Waiting, lane: Lane) -> list[str]:
    return [head.job.run for head in waiting.heads(lane)]


def test_each_lane_has_its_own_order() -> None:
    waiting = waiting_jobs(
        (job("b2", {}), LIGHT), (job("a1", {}), HEAVY), (job("c3", {}, priority=1), LIGHT)
    )
    assert heads(waiting, Lane.LIGHT) == ["c3"]
    assert heads(waiting, Lane.EXECUTION) == ["a1"]
    assert heads(waiting, Lane.ALONE) == []
    assert not waiting.has(Lane.ALONE)
    assert len(waiting) == len(list(waiting)) == 3


def test_each_kind_of_a_lane_has_its_own_head_and_they_are_in_order() -> None:
    waiting = waiting_jobs(
        (job("late3", {}), OF_A_PACK),
        (job("first1", {}), HEAVY),
        (job("second2", {}), HEAVY),
        (job("urgent9", {}, priority=1), OF_A_PACK),
    )
    assert heads(waiting, Lane.EXECUTION) == ["urgent9", "first1"]
    assert waiting.kinds == {OF_A_PACK: 2, HEAVY: 2}
    assert {waits.run for waits in waiting.with_classes()} == {"late3", "urgent9"}


def test_a_withdrawn_job_is_passed_over() -> None:
    waiting = waiting_jobs((job("a1", {}), LIGHT), (job("b2", {}), LIGHT))
    assert waiting.withdraw("a1") == job("a1", {})
    assert waiting.withdraw("a1") is None
    assert heads(waiting, Lane.LIGHT) == ["b2"]


def test_a_kind_of_which_nothing_waits_any_longer_is_forgotten() -> None:
    waiting = waiting_jobs((job("a1", {}), OF_A_PACK), (job("b2", {}), LIGHT))
    waiting.withdraw("a1")
    assert waiting.kinds == {LIGHT: 1}
    assert not waiting.has(Lane.EXECUTION)


def test_a_job_that_comes_back_marked_waits_only_in_its_new_lane() -> None:
    waiting = waiting_jobs((job("a1", {}), LIGHT), (job("b2", {}), LIGHT))
    waiting.withdraw("a1")
    waiting.add(job("a1", {}, attempt=1, suspect=True), ALONE)
    assert heads(waiting, Lane.LIGHT) == ["b2"]
    assert heads(waiting, Lane.ALONE) == ["a1"]


def test_a_job_is_overtaken_eight_times_and_no_more() -> None:
    waiting = waiting_jobs((job("a1", {}), HEAVY))
    (head,) = waiting.heads(Lane.EXECUTION)
    for _ in range(8):
        assert waiting.may_be_overtaken(head)
        waiting.note_overtaken(head)
    assert not waiting.may_be_overtaken(head)


async def test_a_job_is_overtaken_for_a_minute_and_no_longer() -> None:
    clock = ScriptedClock()
    waiting = Waiting(clock)
    waiting.add(job("a1", {}), HEAVY)
    (head,) = waiting.heads(Lane.EXECUTION)
    await clock.advance(1000)
    assert waiting.may_be_overtaken(head)
    waiting.note_overtaken(head)
    await clock.advance(59)
    waiting.note_overtaken(head)
    await clock.advance(1)
    assert not waiting.may_be_overtaken(head)


def test_a_moved_job_stands_only_at_its_new_place() -> None:
    waiting = waiting_jobs((job("a1", {}), LIGHT), (job("b2", {}), LIGHT))
    assert waiting.move("b2", priority=1, position=2.0)
    assert waiting.move("b2", priority=0, position=9.0)
    assert heads(waiting, Lane.LIGHT) == ["a1"]
    waiting.withdraw("a1")
    assert heads(waiting, Lane.LIGHT) == ["b2"]
    waiting.withdraw("b2")
    assert not waiting.move("b2", priority=1, position=2.0)
    assert heads(waiting, Lane.LIGHT) == []
