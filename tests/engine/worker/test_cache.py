"""The cache keeps what was used last, within its budget."""

import torch

from hub.engine.worker.cache import Cache, Entry


def entry(*tensors: torch.Tensor) -> Entry:
    return Entry(outputs=tuple([tensor] for tensor in tensors))


def kilobytes(count: int) -> torch.Tensor:
    return torch.zeros(count * 256)


def test_gives_back_what_was_put() -> None:
    cache = Cache(1 << 20)
    kept = entry(kilobytes(1))
    cache.put("a", kept)
    assert cache.get("a") is kept
    assert cache.get("b") is None


def test_what_was_used_least_recently_goes_first() -> None:
    cache = Cache(1 << 20)
    for name in "abc":
        cache.put(name, entry(kilobytes(300)))
    cache.get("a")
    cache.put("d", entry(kilobytes(300)))
    assert cache.get("b") is None
    assert None not in (cache.get("a"), cache.get("c"), cache.get("d"))


def test_the_budget_is_kept() -> None:
    cache = Cache(1 << 20)
    for number in range(50):
        cache.put(str(number), entry(kilobytes(100)))
        assert cache.used <= 1 << 20


def test_what_is_larger_than_the_budget_is_not_kept() -> None:
    cache = Cache(1 << 20)
    cache.put("a", entry(kilobytes(2000)))
    assert cache.get("a") is None
    assert cache.used == 0


def test_memory_that_entries_share_counts_once() -> None:
    cache = Cache(1 << 30)
    shared = kilobytes(1000)
    for number in range(10):
        cache.put(str(number), entry(shared[number:]))
    assert cache.used < 1100 * 1024


def test_shared_memory_counts_until_its_last_entry_goes() -> None:
    cache = Cache(1 << 20)
    shared = kilobytes(600)
    cache.put("a", entry(shared))
    cache.put("b", entry(shared.view(-1, 2)))
    cache.get("a")
    cache.put("c", entry(kilobytes(300)))
    assert cache.get("b") is not None
    cache.put("d", entry(kilobytes(500)))
    assert cache.get("d") is not None
    assert cache.used < 1 << 20


def test_putting_again_does_not_count_twice() -> None:
    cache = Cache(1 << 20)
    cache.put("a", entry(kilobytes(10)))
    used = cache.used
    cache.put("a", entry(kilobytes(10)))
    assert cache.used == used


def test_entries_without_outputs_have_a_price_too() -> None:
    cache = Cache(100_000)
    for number in range(1000):
        cache.put(str(number), Entry(outputs=(), ui={"text": ["x"]}))
    assert cache.get("0") is None
    assert cache.get("999") is not None


def test_a_value_that_holds_itself_can_be_weighed() -> None:
    cache = Cache(1 << 20)
    circle: list[object] = []
    circle.append(circle)
    cache.put("a", Entry(outputs=(circle,)))
    assert cache.get("a") is not None
