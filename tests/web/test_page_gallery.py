"""The gallery with thousands of outputs, in a real browser."""

import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect
from sqlalchemy import Connection

from hub.app import Hub
from hub.clock import SystemClock
from hub.records.output import Output, OutputFolder
from hub.records.run import Origin, Run, RunState
from hub.storage.outputs import insert_outputs
from hub.storage.runs import insert_run
from hub.testing.pictures import write_photograph
from tests.web.browser import needs_chromium, open_page

COUNT = 5000
EACH = 10  # outputs of one run

pytestmark = needs_chromium


@pytest.fixture
async def page(hub: Hub, tmp_path: Path) -> AsyncIterator[Page]:
    picture = tmp_path / "picture.jpg"
    write_photograph(picture, seed=1, orientation=1)
    await hub.books.database.write(lambda connection: fill(connection, picture))
    async with open_page(viewport={"width": 1200, "height": 800}) as page:
        await page.goto(f"{hub.address}/#/gallery")
        yield page


def fill(connection: Connection, picture: Path) -> None:
    """Runs with outputs that are all the same file."""
    now = SystemClock().now()
    for number in range(1, COUNT // EACH + 1):
        run = Run(
            number=number,
            id=str(uuid.uuid4()),
            state=RunState.SUCCEEDED,
            origin=Origin.API,
            graph={},
            created_at=now,
            ended_at=now,
        )
        insert_run(connection, run)
        outputs = [
            Output(
                id=0,
                run=run.id,
                node="1",
                index=index,
                kind="images",
                folder=OutputFolder.OUTPUT,
                path=picture,
                sha256="0" * 64,
                size=1,
                created_at=now,
            )
            for index in range(EACH)
        ]
        insert_outputs(connection, outputs)


async def test_all_of_five_thousand_outputs_are_reached_by_scrolling(page: Page) -> None:
    tiles = page.locator(".grid li")
    size = 0
    while size < COUNT:
        await expect(page.locator(f".grid li[aria-setsize='{size}']")).to_have_count(0)
        size = int(await tiles.first.get_attribute("aria-setsize") or 0)
        await page.evaluate("scrollTo(0, document.body.scrollHeight)")
    await expect(page.locator(f".grid li[aria-posinset='{COUNT}']")).to_be_visible()
    assert await tiles.count() < 200  # what is out of sight does not exist


async def test_pictures_are_leafed_through_by_keyboard(page: Page) -> None:
    await page.locator(".grid .tile").first.press("Enter")
    picture = page.get_by_role("dialog").get_by_role("img")
    await expect(picture).to_have_attribute("src", f"/api/hub/outputs/{COUNT}")
    await page.keyboard.press("ArrowRight")
    await expect(picture).to_have_attribute("src", f"/api/hub/outputs/{COUNT - 1}")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_be_hidden()
