"""The page, in a real browser."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright, expect

from hub.app import Hub
from tests.web.client import Client
from tests.web.configuration import plain_graph

CHROMIUM = Path("/usr/bin/chromium")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
HOSTILE = "<img src=x onerror=alert(1)>.png"

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Debian's chromium")


@pytest.fixture
async def page(hub: Hub) -> AsyncIterator[Page]:
    """The page, open and live. Whatever the browser complains about, but for a hub that is not
    there, fails the test."""
    complaints: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        page = await browser.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: complaints.append(dialog.message))
        await page.goto(hub.address)
        await expect(page.locator("#connection")).to_have_text("Live")
        yield page
        await browser.close()
    assert [text for text in complaints if "ERR_CONNECTION" not in text] == []


async def test_an_empty_hub_says_what_to_do_first(page: Page, hub: Hub) -> None:
    await expect(page.get_by_text("Nothing has run yet")).to_be_visible()
    await expect(page.locator("#address")).to_have_text(hub.address)
    await expect(page.get_by_role("heading", name="Photos")).to_be_visible()


async def test_a_run_appears_with_its_picture_and_an_error_with_its_sentence(
    page: Page, client: Client
) -> None:
    await client.run(plain_graph())
    await client.run(plain_graph(fake="fail"))
    first, second = (page.locator("#runs > li").filter(has_text=f"#{n}") for n in (1, 2))
    await expect(second).to_contain_text("failed")
    await expect(second).to_contain_text("It was asked to fail.")
    picture = first.get_by_role("img", name="plain_00001_.png")
    await expect(picture).to_be_visible()
    await expect(picture).to_have_js_property("naturalWidth", 8)
    assert await first.get_by_role("link").get_attribute("href") == "/api/hub/outputs/1"
    await expect(page.get_by_text("Nothing has run yet")).to_be_hidden()


async def test_a_run_under_way_is_shown_and_can_be_cancelled(page: Page, client: Client) -> None:
    await client.post("/prompt", {"prompt": plain_graph(fake="hang")})
    await expect(page.get_by_role("progressbar", name="Progress of run 1")).to_be_visible()
    await page.get_by_role("button", name="Cancel run 1").click()
    await expect(page.locator("#runs > li")).to_contain_text("cancelled")
    await expect(page.locator("#now")).to_be_hidden()


async def test_a_hostile_file_name_is_shown_as_text(page: Page, config: Path) -> None:
    await asyncio.to_thread((config / "inbox" / HOSTILE).write_bytes, b"\x89PNG\r\n\x1a\n")
    await expect(page.locator("#quarantined h3")).to_have_text(HOSTILE)
    await expect(page.locator("img[src=x]")).to_have_count(0)


async def test_the_page_comes_back_after_the_hub_did(page: Page, hub: Hub, config: Path) -> None:
    port = int(hub.address.rpartition(":")[2])
    await hub.__aexit__(None, None, None)
    await expect(page.locator("#connection")).to_contain_text("does not answer")
    async with Hub(config, port=port, worker_module="hub.testing.worker"):
        await expect(page.locator("#connection")).to_have_text("Live", timeout=20_000)
