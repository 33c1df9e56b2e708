"""The cache keeps what nodes gave, within its budget."""

from collections.abc import Iterator

import torch

from hub.engine.worker.cache import Cache, Entry
from hub.engine.worker.policies import Everything, Nothing, Recent

DEAR = 30.0  # seconds
CHEAP = 0.1


def cache_of(budget: int) -> Cache:
    return Cache(budget, Everything())


def entry(*tensors: torch.Tensor) -> Entry:
    return Entry(outputs=tuple([tensor] for tensor in tensors))


def kilobytes(count: int) -> torch.Tensor:
    return torch.zeros(count * 256)


def test_gives_back_what_was_put() -> None:
    cache = cache_of(1 << 20)
    kept = entry(kilobytes(1))
    cache.put("a", kept, CHEAP)
    assert cache.get("a") is kept
    assert cache.get("b") is None


def test_of_what_was_cheaply_made_the_oldest_goes_first() -> None:
    cache = cache_of(1 << 20)
    for name in "abcd":
        cache.put(name, entry(kilobytes(300)), CHEAP)
    assert cache.get("a") is None
    assert None not in (cache.get("b"), cache.get("c"), cache.get("d"))


def test_what_is_used_once_does_not_push_out_what_was_dear() -> None:
    cache = cache_of(1 << 20)
    cache.put("enlarged", entry(kilobytes(600)), DEAR)
    for number in range(100):
        cache.put(str(number), entry(kilobytes(100)), CHEAP)
    assert cache.get("enlarged") is not None


def test_what_is_used_again_does_not_go_with_what_is_not() -> None:
    cache = cache_of(1 << 20)
    cache.put("again", entry(kilobytes(100)), CHEAP)
    cache.get("again")
    for number in range(100):
        cache.put(str(number), entry(kilobytes(100)), CHEAP)
    assert cache.get("again") is not None


def test_the_budget_is_kept() -> None:
    cache = cache_of(1 << 20)
    for number in range(50):
        cache.put(str(number), entry(kilobytes(100)), CHEAP if number % 3 else DEAR)
        assert cache.used <= 1 << 20


def test_what_is_larger_than_the_budget_is_not_kept_and_displaces_nothing() -> None:
    cache = cache_of(1 << 20)
    cache.put("small", entry(kilobytes(10)), CHEAP)
    used = cache.used
    cache.put("large", entry(kilobytes(2000)), DEAR)
    assert cache.get("large") is None
    assert cache.used == used


def test_memory_that_entries_share_counts_once() -> None:
    cache = cache_of(1 << 30)
    shared = kilobytes(1000)
    for number in range(10):
        cache.put(str(number), entry(shared[number:]), CHEAP)
    assert cache.used < 1100 * 1024


def test_shared_memory_counts_until_its_last_entry_goes() -> None:
    cache = cache_of(1 << 20)
    shared = kilobytes(600)
    cache.put("a", entry(shared), CHEAP)
    cache.put("b", entry(shared.view(-1, 2)), CHEAP)
    cache.put("c", entry(kilobytes(300)), CHEAP)
    assert cache.get("b") is not None
    cache.put("d", entry(kilobytes(500)), CHEAP)
    assert cache.used < 1 << 20


def test_putting_again_does_not_count_twice() -> None:
    cache = cache_of(1 << 20)
    cache.put("a", entry(kilobytes(10)), CHEAP)
    used = cache.used
    cache.put("a", entry(kilobytes(10)), DEAR)
    assert cache.used == used


def test_entries_without_outputs_have_a_price_too() -> None:
    cache = cache_of(100_000)
    for number in range(1000):
        cache.put(str(number), Entry(outputs=(), ui={"text": ["x"]}), CHEAP)
    assert cache.get("0") is None
    assert cache.get("999") is not None


class Unweighable(list[int]):
    def __iter__(self) -> Iterator[int]:
        raise ValueError("not now")


def test_what_cannot_be_weighed_is_not_kept() -> None:
    cache = cache_of(1 << 20)
    cache.put("odd", Entry(outputs=([Unweighable([1])],)), CHEAP)
    assert cache.get("odd") is None
    assert cache.used == 0


def test_nothing_counts_once_it_is_emptied() -> None:
    cache = cache_of(1 << 20)
    for number in range(5):
        cache.put(str(number), entry(kilobytes(100)), DEAR if number % 2 else CHEAP)
    cache.clear()
    assert cache.used == 0
    assert cache.get("1") is None
    cache.put("1", entry(kilobytes(1000)), CHEAP)
    assert cache.get("1") is not None


def test_a_policy_may_keep_nothing() -> None:
    cache = Cache(1 << 20, Nothing())
    cache.put("a", entry(kilobytes(1)), DEAR)
    assert cache.get("a") is None


def test_what_the_policy_drops_no_longer_counts() -> None:
    cache = Cache(1 << 20, Recent(1))
    cache.occur(("1", 1), {"a": None, "b": None})
    cache.put("a", entry(kilobytes(100)), DEAR)
    cache.put("b", entry(kilobytes(100)), CHEAP)
    cache.end(("1", 1))
    cache.occur(("2", 1), {"b": None})
    assert cache.get("a") is None
    assert cache.get("b") is not None
    assert cache.used < 110 * 1024


def test_the_oldest_mark_of_a_node_that_tells_something_is_forgotten() -> None:
    cache = cache_of(1 << 20)
    for number in range(10_001):
        cache.mark_telling(str(number))
        cache.mark_telling("again and again")
    told = {name: cache.is_telling(name) for name in ("0", "10000", "again and again")}
    assert told == {"0": False, "10000": True, "again and again": True}
