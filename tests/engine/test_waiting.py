"""The order in which jobs wait."""

from hub.engine.waiting import Lane, Waiting
from tests.engine.story import job


def test_each_lane_has_its_own_order() -> None:
    waiting = Waiting()
    waiting.add(job("b2", {}), Lane.LIGHT)
    waiting.add(job("a1", {}), Lane.EXECUTION)
    waiting.add(job("c3", {}, priority=1), Lane.LIGHT)
    first_light, first_heavy = waiting.first(Lane.LIGHT), waiting.first(Lane.EXECUTION)
    assert first_light is not None
    assert first_heavy is not None
    assert (first_light.run, first_heavy.run) == ("c3", "a1")
    assert waiting.first(Lane.ALONE) is None
    assert len(waiting) == len(list(waiting)) == 3


def test_a_withdrawn_job_is_passed_over() -> None:
    waiting = Waiting()
    waiting.add(job("a1", {}), Lane.LIGHT)
    waiting.add(job("b2", {}), Lane.LIGHT)
    assert waiting.withdraw("a1") == job("a1", {})
    assert waiting.withdraw("a1") is None
    assert waiting.first(Lane.LIGHT) == job("b2", {})


def test_a_job_that_comes_back_marked_waits_only_in_its_new_lane() -> None:
    waiting = Waiting()
    waiting.add(job("a1", {}), Lane.LIGHT)
    waiting.withdraw("a1")
    waiting.add(job("a1", {}, attempt=1, suspect=True), Lane.ALONE)
    assert waiting.first(Lane.LIGHT) is None
    assert waiting.first(Lane.ALONE) is not None
