"""Whoever tries too often waits."""

import pytest

from hub.access.throttle import MOST_BUCKETS, Throttle, TooManyTries
from hub.testing.clock import ScriptedClock


@pytest.fixture
def clock() -> ScriptedClock:
    return ScriptedClock()


@pytest.fixture
def throttle(clock: ScriptedClock) -> Throttle:
    return Throttle(clock, tries=3, seconds=10)


def tries_until_refused(throttle: Throttle, key: str) -> int:
    for number in range(100):
        try:
            throttle.take(key)
        except TooManyTries:
            return number
    raise AssertionError("never refused")


async def test_some_tries_are_free_and_further_ones_come_slowly(
    clock: ScriptedClock, throttle: Throttle
) -> None:
    assert tries_until_refused(throttle, "a") == 3
    await clock.advance(9)
    assert tries_until_refused(throttle, "a") == 0
    await clock.advance(1)
    assert tries_until_refused(throttle, "a") == 1
    await clock.advance(1000)
    assert tries_until_refused(throttle, "a") == 3


def test_the_refusal_says_when_to_come_again(throttle: Throttle) -> None:
    tries_until_refused(throttle, "a")
    with pytest.raises(TooManyTries, match="Try again in 10 s") as refused:
        throttle.take("a")
    assert refused.value.retry_after == 10


def test_others_are_not_held_back(throttle: Throttle) -> None:
    tries_until_refused(throttle, "a")
    assert tries_until_refused(throttle, "b") == 3


def test_a_success_is_no_guess(throttle: Throttle) -> None:
    for _ in range(20):
        throttle.take("a")
        throttle.forgive("a")


def test_it_remembers_only_so_many(throttle: Throttle) -> None:
    for number in range(MOST_BUCKETS + 100):
        throttle.take(str(number))
    assert len(throttle._buckets) == MOST_BUCKETS
