"""The bus, and a listener that does not keep up with it."""

from hub.notices import (
    CONTENT_BYTES,
    FileSighted,
    Notice,
    Notices,
    NoticesLost,
    PackMessageSent,
    Subscription,
)


def said(size: int = 10) -> PackMessageSent:
    return PackMessageSent(payload=bytes(size), binary=True, client=None)


def sighted(name: str) -> FileSighted:
    return FileSighted(automation="a", path=name, state="new", reason="")


async def taken(subscription: Subscription, last: Notice) -> list[Notice]:
    """All notices up to and with `last`."""
    notices: list[Notice] = []
    async for notice in subscription:
        notices.append(notice)
        if notice == last:
            break
    return notices


async def test_a_slow_listener_loses_its_oldest_notices_and_is_told_how_many() -> None:
    notices = Notices()
    with notices.subscribe(2) as subscription:
        for name in "abcd":
            notices.publish(sighted(name))
        heard = await taken(subscription, sighted("d"))
    assert heard == [NoticesLost(count=2), sighted("c"), sighted("d")]


async def test_only_who_asked_hears_what_packs_say() -> None:
    notices = Notices()
    with notices.subscribe() as plain, notices.subscribe(with_contents=True) as curious:
        notices.publish(said())
        notices.publish(sighted("a"))
        assert await taken(plain, sighted("a")) == [sighted("a")]
        assert await taken(curious, sighted("a")) == [said(), sighted("a")]


async def test_what_packs_say_fills_no_memory_and_pushes_out_no_other_notice() -> None:
    notices = Notices()
    with notices.subscribe(5000, with_contents=True) as subscription:
        notices.publish(sighted("a"))
        for _ in range(10_000):
            notices.publish(said())
        notices.publish(sighted("b"))
        lost, first, *messages, last = await taken(subscription, sighted("b"))
        assert (first, last) == (sighted("a"), sighted("b"))
        assert isinstance(lost, NoticesLost)
        assert (len(messages), lost.count) == (1024, 10_000 - 1024)
        large = said(CONTENT_BYTES)
        for message in (large, large):  # one finds room whatever its size
            notices.publish(message)
        notices.publish(sighted("c"))
        heard = await taken(subscription, sighted("c"))
        assert heard == [NoticesLost(count=1), large, sighted("c")]


async def test_a_full_listener_takes_no_message_of_a_pack() -> None:
    notices = Notices()
    with notices.subscribe(1, with_contents=True) as subscription:
        notices.publish(sighted("a"))
        notices.publish(said())
        assert await taken(subscription, sighted("a")) == [NoticesLost(count=1), sighted("a")]
