"""What becomes of an event, by the mode and by what is going on."""

import pytest

from hub.automations.mode import Course, Mode, course


@pytest.mark.parametrize("mode", Mode)
def test_the_first_event_is_always_worked_on(mode: Mode) -> None:
    assert course(mode, at_once=1, limit=1, running=0, waiting=0) is Course.START


@pytest.mark.parametrize(
    ("mode", "running", "waiting", "expected"),
    [
        (Mode.SINGLE, 1, 0, Course.DROP),
        (Mode.RESTART, 1, 0, Course.START_INSTEAD),
        (Mode.LATEST, 1, 0, Course.WAIT),
        (Mode.LATEST, 1, 1, Course.WAIT_INSTEAD),
        (Mode.QUEUED, 1, 0, Course.WAIT),
        (Mode.QUEUED, 1, 1, Course.WAIT),
        (Mode.QUEUED, 1, 2, Course.DROP),
    ],
)
def test_a_later_event_goes_as_the_mode_says(
    mode: Mode, running: int, waiting: int, expected: Course
) -> None:
    assert course(mode, at_once=1, limit=3, running=running, waiting=waiting) is expected


def test_parallel_drops_what_is_over_its_limit() -> None:
    courses = [
        course(Mode.PARALLEL, at_once=3, limit=3, running=running, waiting=0)
        for running in range(5)
    ]
    assert courses == [Course.START] * 3 + [Course.DROP] * 2


def test_queued_may_work_on_several_and_let_any_number_wait() -> None:
    assert course(Mode.QUEUED, at_once=4, limit=None, running=3, waiting=0) is Course.START
    assert course(Mode.QUEUED, at_once=4, limit=None, running=4, waiting=9999) is Course.WAIT
