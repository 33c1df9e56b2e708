"""Changing the order of the runs that wait, on the page."""

import pytest
from playwright.async_api import Locator, Page, expect

from hub.app import Hub
from tests.web.browser import needs_chromium
from tests.web.client import Client
from tests.web.prompts import fill

pytestmark = needs_chromium


@pytest.fixture
async def queue(live_page: Page, client: Client, hub: Hub) -> Locator:
    """The lines of three runs that wait."""
    await fill(client, hub, 3)
    lines = live_page.locator("#queue > li")
    await expect(lines).to_have_count(3)
    return lines


def order(hub: Hub) -> list[int]:
    return [run.number for run in hub.runs.order.waiting()]


async def is_shown(queue: Locator, numbers: list[int]) -> None:
    await expect(queue).to_have_count(len(numbers))
    for place, number in enumerate(numbers):
        await expect(queue.nth(place)).to_contain_text(f"#{number}")


async def test_a_run_is_dragged_to_another_place(queue: Locator, hub: Hub) -> None:
    first, second, third = order(hub)
    await queue.nth(2).locator(".grip").hover()
    mouse = queue.page.mouse
    await mouse.down()
    for place in (1, 0):
        box = await queue.nth(place).bounding_box()
        assert box is not None
        await mouse.move(box["x"] + 20, box["y"] + box["height"] / 2)
    await is_shown(queue, [third, first, second])
    await mouse.up()
    await expect(queue.page.get_by_text(f"Run {third} is now 1 of 3.")).to_be_attached()
    assert order(hub) == [third, first, second]


async def test_arrow_keys_move_a_run_and_keep_the_focus(queue: Locator, hub: Hub) -> None:
    first, second, third = order(hub)
    grip = queue.page.get_by_role("button", name=f"Move run {first}")
    await grip.press("ArrowDown")
    await expect(queue.page.get_by_text(f"Run {first} is now 2 of 3.")).to_be_attached()
    await expect(grip).to_be_focused()
    await grip.press("End")
    await expect(queue.page.get_by_text(f"Run {first} is now 3 of 3.")).to_be_attached()
    await is_shown(queue, [second, third, first])
    assert order(hub) == [second, third, first]


async def test_buttons_move_a_run_where_nothing_can_be_dragged(queue: Locator, hub: Hub) -> None:
    first, second, third = order(hub)
    page = queue.page
    await page.get_by_role("button", name=f"Run {third} first").click()
    await is_shown(queue, [third, first, second])
    await expect(page.get_by_role("button", name=f"Run {third} first")).to_be_disabled()
    await page.get_by_role("button", name=f"Run {third} one later").click()
    await expect(page.get_by_text(f"Run {third} is now 2 of 3.")).to_be_attached()
    assert order(hub) == [first, third, second]


async def test_what_others_move_is_seen(queue: Locator, hub: Hub) -> None:
    first, second, third = order(hub)
    await hub.runs.order.move(hub.runs.order.waiting()[1])
    await is_shown(queue, [second, first, third])
