"""The whole way of one photo, seen on the page: a real folder, a real worker, a real browser."""

import asyncio
import shutil
from pathlib import Path

import pytest
from playwright.async_api import expect

from hub.app import Hub
from hub.testing.pictures import write_photograph
from tests.web.browser import needs_chromium, open_page

SHIPPED = Path(__file__).parents[2] / "config"

pytestmark = [
    pytest.mark.slow,
    needs_chromium,
]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """The shipped configuration, as after script/setup."""
    folder = tmp_path / "config"
    ignored = shutil.ignore_patterns("data", "out", "inbox", "secrets.yaml")
    shutil.copytree(SHIPPED, folder, ignore=ignored)
    shutil.copy(folder / "secrets.example.yaml", folder / "secrets.yaml")
    (folder / "inbox").mkdir()
    return folder


async def test_a_photo_is_followed_from_the_folder_to_its_outputs(config: Path) -> None:
    photo = config / "inbox" / "beach.jpg"
    async with Hub(config, port=0) as hub, open_page() as page:
        await page.goto(hub.address)
        await asyncio.to_thread(write_photograph, photo, seed=7, orientation=6)
        outputs = page.locator("#latest")
        await expect(outputs.get_by_role("img")).to_have_count(2)
        await outputs.get_by_role("button", name="beach_00001_.webp").click()
        lightbox = page.get_by_role("dialog")
        await expect(lightbox.locator(".stage img")).to_have_js_property("naturalWidth", 1067)
        await lightbox.get_by_role("link", name="Run 1").click()
        await expect(page.locator(".graph .node[data-state=done]")).to_have_count(6)
        await page.get_by_role("link", name="Trace of what led to it").click()
        await expect(page.locator("#values")).to_contain_text("beach.jpg")
        await expect(page.locator(".trace > li[data-state=succeeded]")).to_have_count(4)
        await expect(page.locator("main .line .state[data-state=succeeded]").first).to_be_visible()
        await page.goto(f"{hub.address}/#/why?path=inbox/processed/beach.jpg")
        await expect(page.locator("#explanations")).to_contain_text("The firing succeeded.")
