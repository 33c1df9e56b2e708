"""Every page is usable for everybody, light and dark: axe-core finds nothing serious."""

import asyncio
import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from hub.app import Hub
from tests.web.axe import CONTRAST, faults_of, needs_axe
from tests.web.browser import needs_chromium, open_page
from tests.web.client import Client
from tests.web.configuration import plain_graph, write_configuration
from tests.web.prompts import fill
from tests.web.test_workflows_api import png

# Each address with its heading, and with something that is there once all of it has been read.
PAGES = {
    "#/": ("Overview", "text=It was asked to fail."),
    "#/automations": ("Automations", "text=webhook"),
    "#/automations/photos": ("Photos", "text=It has not been asked yet"),
    "#/automations/asked": ("asked", "#firings a"),
    "#/edit": ("New automation", "yaml-editor .cm-lint-marker"),
    "#/edit/photos": ("Edit photos", "text=Everything in it can be used."),
    "#/workflows": ("Workflows", "text=Plain picture"),
    "#/workflows/plain": ("Plain picture", "text=2 SaveImage"),
    "#/runs": ("Runs", "text=It was asked to fail."),
    "#/runs/2": ("#2 Posted prompt", "text=It was asked to fail."),
    "#/runs/3": ("#3 Posted prompt", ".film img"),
    "#/change/2": ("Run with changes", "fieldset.settings"),
    "#/compare?one=1&other=2": ("Compare runs", "text=not reached"),
    "#/gallery": ("Gallery", ".grid .tile img"),
    "#/schedule": ("Schedule", "text=Nothing is scheduled"),
    "#/webhooks": ("Webhooks", "text=Nobody has called yet."),
    "#/why?path=inbox/notes.txt": ("Why didn't it run?", "text=left out"),
    "#/system": ("System", ".state[data-state=ready]"),
    "#/settings": ("Settings", "text=There are no tokens yet."),
    "#/settings/keeping": ("Settings", "text=Files that runs made."),
    "#/settings/log": ("Settings", "text=hub is running"),
}
pytestmark = [
    needs_chromium,
    pytest.mark.asyncio(loop_scope="module"),
    needs_axe,
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def page(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Page]:
    """The page of a hub with something to show."""
    config = tmp_path_factory.mktemp("hub") / "config"
    write_configuration(config)
    made = await asyncio.to_thread(Hub, config, port=0, worker_module="hub.testing.worker")
    async with made as hub, Client(hub.address) as client, open_page() as page:
        await client.run(plain_graph())
        await client.run(plain_graph(fake="fail"))
        await client.run(plain_graph(fake="steps"))
        await client.post("/api/hub/automations/asked/trigger", {})
        marked = {"outputs": [1], "starred": True, "add": ["beach"]}
        await client.post("/api/hub/outputs/mark", marked)
        _, stored = await client.post("/api/hub/inputs?name=a.png", png())
        given = {"parameters": {"photo": stored["name"]}, "wait": True}
        await client.post("/api/hub/workflows/photo/run", given)
        await fill(client, hub, 3)
        await page.goto(hub.address)
        yield page


@pytest.mark.parametrize("address", PAGES)
async def test_nothing_serious_is_found_in_light_and_dark(page: Page, address: str) -> None:
    await go_to(page, address)
    assert await faults_of(page) == []
    await page.emulate_media(color_scheme="dark")
    assert await faults_of(page, rules=CONTRAST) == []
    await page.emulate_media(color_scheme="light")


async def test_an_opened_picture_is_usable_too(page: Page) -> None:
    await go_to(page, "#/gallery")
    tile = page.get_by_role("button", name="plain_00001_.png")
    await tile.click()
    await expect(page.get_by_role("dialog").get_by_role("link", name="Run 1")).to_be_visible()
    assert await faults_of(page) == []
    await page.keyboard.press("Escape")
    await expect(tile).to_be_focused()
    await page.get_by_role("checkbox", name="Select plain_00001_.png").check()
    await expect(page.get_by_role("toolbar")).to_be_visible()
    assert await faults_of(page) == []


async def test_a_picture_beside_what_went_in_is_usable_too(page: Page) -> None:
    await go_to(page, "#/gallery")
    await page.get_by_role("button", name=re.compile("^photo_")).click()
    await page.get_by_role("button", name="Compare with what went in").click()
    await expect(page.get_by_role("slider")).to_be_visible()
    assert await faults_of(page) == []
    await page.keyboard.press("Escape")


async def test_the_trace_of_a_firing_is_usable_too(page: Page) -> None:
    await go_to(page, "#/automations/asked")
    await page.locator("#firings a").first.click()
    await expect(page.locator("#values")).to_be_visible()
    assert await faults_of(page) == []


async def test_blocks_within_blocks_are_usable_on_a_phone(page: Page) -> None:
    await page.set_viewport_size({"width": 390, "height": 844})
    await go_to(page, "#/edit/photos")
    for label, kind in (("", "if"), (" (then)", "choose"), (" (sequence)", "wait_for_trigger")):
        await page.get_by_label(f"Add an action …{label}", exact=True).select_option(kind)
    await expect(page.locator(".wrong").first).to_be_visible()
    assert await faults_of(page) == []
    await page.emulate_media(color_scheme="dark")
    assert await faults_of(page, rules=CONTRAST) == []
    assert await page.evaluate("document.documentElement.scrollWidth") == 390
    await page.emulate_media(color_scheme="light")
    await go_to(page, "#/")  # away from what was not saved
    await page.set_viewport_size({"width": 1280, "height": 720})


async def test_a_phone_is_served_as_well(page: Page) -> None:
    await page.set_viewport_size({"width": 390, "height": 844})
    await go_to(page, "#/runs")
    await page.get_by_role("button", name="More").click()
    await expect(page.get_by_role("link", name="Schedule")).to_be_visible()
    assert await faults_of(page) == []
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("button", name="More")).to_be_focused()
    await page.set_viewport_size({"width": 1280, "height": 720})


async def test_what_asks_first_is_usable_too(page: Page) -> None:
    await go_to(page, "#/settings")
    await page.get_by_label("Name", exact=True).fill("anna")
    await page.get_by_label("Password").fill("correct horse battery")
    await page.get_by_role("button", name="Add a user").click()
    await expect(page.get_by_text("anna may come in now.")).to_be_visible()
    await page.get_by_role("button", name="Remove the user anna?").click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    assert await faults_of(page) == []
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_be_hidden()


async def go_to(page: Page, address: str) -> None:
    """Until the page of that address is shown with all that it reads."""
    await page.evaluate("address => { location.hash = address }", address)
    heading, there = PAGES[address]
    shown = page.locator(f"main[data-place='{address}'][aria-busy=false]")
    await expect(shown.get_by_role("heading", level=1)).to_have_text(heading)
    await expect(shown.locator(there).first).to_be_attached()
