"""Memory is given back between runs."""

import pytest

from hub.engine.worker.cache import Cache, Entry
from hub.engine.worker.freeing import Freeing
from hub.engine.worker.policies import Everything

ONE, TWO, LATER = ("one", 1), ("two", 1), ("later", 1)


@pytest.fixture
def cache() -> Cache:
    cache = Cache(1 << 20, Everything())
    cache.put("a", Entry(outputs=()), 1.0)
    return cache


def test_an_idle_worker_empties_its_cache_at_once(cache: Cache) -> None:
    Freeing(cache).ask((), cache=True)
    assert cache.used == 0


def test_it_waits_for_the_runs_under_way_and_no_others(cache: Cache) -> None:
    freeing = Freeing(cache)
    freeing.ask((ONE, TWO), cache=True)
    freeing.ended(LATER)
    freeing.ended(ONE)
    assert cache.get("a") is not None
    freeing.ended(TWO)
    assert cache.used == 0


def test_the_cache_stays_unless_it_is_meant(cache: Cache) -> None:
    freeing = Freeing(cache)
    freeing.ask((), cache=False)
    freeing.ask((ONE,), cache=False)
    freeing.ended(ONE)
    assert cache.get("a") is not None


def test_asking_again_waits_for_both(cache: Cache) -> None:
    freeing = Freeing(cache)
    freeing.ask((ONE,), cache=True)
    freeing.ask((TWO,), cache=False)
    freeing.ended(ONE)
    assert cache.get("a") is not None
    freeing.ended(TWO)
    assert cache.used == 0


def test_it_is_done_once(cache: Cache) -> None:
    freeing = Freeing(cache)
    freeing.ask((), cache=True)
    cache.put("a", Entry(outputs=()), 1.0)
    freeing.ended(ONE)
    assert cache.get("a") is not None
