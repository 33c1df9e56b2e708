"""The browser in which tests look at the page."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, async_playwright, expect

CHROMIUM = Path("/usr/bin/chromium")
needs_chromium = pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Debian's chromium")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 60_000  # milliseconds; only a page that hangs takes so long, also beside other tests
EXPECTED = ("ERR_CONNECTION", "the server responded with a status of 400")

expect.set_options(timeout=PATIENCE)


@asynccontextmanager
async def open_page(**options: Any) -> AsyncIterator[Page]:
    """A page of a new browser, which is patient."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        page = await browser.new_page(**options)
        page.set_default_timeout(PATIENCE)
        yield page
        await browser.close()


@asynccontextmanager
async def browsing(**options: Any) -> AsyncIterator[Page]:
    """The same; whatever it complains about, but for a hub that is not there or refuses
    something, is an error."""
    complaints: list[str] = []
    async with open_page(**options) as page:
        page.on("console", lambda said: complaints.append(f"{said.text} {said.location}"))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: complaints.append(dialog.message))
        yield page
    unexpected = [text for text in complaints if not any(each in text for each in EXPECTED)]
    assert not unexpected, unexpected  # this module is no test, so pytest would not show them


async def stop_timers(page: Page) -> None:
    """What the page would do by itself some seconds later it does not do any more."""
    await page.clock.install()
    await page.clock.pause_at(datetime.now(UTC) + timedelta(hours=1))
