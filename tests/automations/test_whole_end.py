"""What becomes of events when the hub ends while it judges them."""

import asyncio

import psutil

from hub.records.firing import FiringState
from tests.automations.started import Start, post

# How long it takes depends on the request, or it would be tried at the start already.
REST = """
  conditions:
    - "{% for i in range(trigger.json.n) %}{% set s = range(9999) | sum %}{% endfor %}{{ true }}"
  actions: [{variables: {a: 1}}]
"""


async def test_an_event_whose_judging_the_end_of_the_hub_interrupts_is_judged_anew(
    start: Start,
) -> None:
    async with start(REST) as hub:
        await post(hub, n=1_000)
        # Until its condition is being rendered, of which nobody tells.
        while (child := hub._templates._child) is None:  # noqa: ASYNC110
            await asyncio.sleep(0)
        psutil.Process(child.pid).suspend()
    async with start("  actions: [{variables: {a: 1}}]\n") as hub:
        with hub.notices.subscribe() as subscription:
            while not (page := await hub.books.firings.page()) or page[0].ended_at is None:
                await anext(aiter(subscription))
    assert [firing.state for firing in page] == [FiringState.SUCCEEDED]
