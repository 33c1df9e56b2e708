"""How much of freed memory the allocator may keep."""

import platform

import pytest

from hub.engine.worker.reserve import Reserve, resident_bytes

MEBIBYTE = 1 << 20
pytestmark = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="is about glibc")


def emptied(budget: int) -> tuple[Reserve, int]:
    """A reserve without what earlier tests left there, and what is resident then."""
    Reserve(budget).give_back()
    return Reserve(budget), resident_bytes()


def fragments(mebibytes: int) -> list[bytes]:
    """Leaves so much memory freed, between small parts of it that are still in use."""
    blocks = [bytes([1]) * 100_000 for _ in range(mebibytes * MEBIBYTE // 100_000)]
    return blocks[::50]


def test_what_exceeds_the_reserve_is_given_back() -> None:
    reserve, before = emptied(0)
    kept = fragments(300)
    assert resident_bytes() - before > 250 * MEBIBYTE
    reserve.limit()
    assert resident_bytes() - before < 64 * MEBIBYTE
    assert kept


def test_a_smaller_reserve_is_left() -> None:
    reserve, before = emptied(1000 * MEBIBYTE)
    kept = fragments(300)
    reserve.limit()
    assert resident_bytes() - before > 250 * MEBIBYTE
    assert kept


def test_what_stays_is_not_taken_for_a_reserve(monkeypatch: pytest.MonkeyPatch) -> None:
    given_back: list[int] = []
    reserve, _ = emptied(0)  # else what earlier tests left may go by itself meanwhile
    monkeypatch.setattr("hub.engine.worker.reserve._trim", given_back.append)
    model = bytes([1]) * 300 * MEBIBYTE
    for _ in range(3):
        reserve.limit()
    assert given_back == [0]
    assert model
