"""Every page is usable for everybody, light and dark: axe-core finds nothing serious."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from hub.app import Hub
from tests.web.browser import needs_chromium, open_page
from tests.web.client import Client
from tests.web.configuration import plain_graph
from tests.web.prompts import fill

AXE = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
# Each address with its heading, and with something that is there once all of it has been read.
PAGES = {
    "#/": ("Overview", "text=It was asked to fail."),
    "#/automations": ("Automations", "text=webhook"),
    "#/automations/photos": ("Photos", "text=It has not been asked yet"),
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
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

pytestmark = [
    needs_chromium,
    pytest.mark.skipif(not AXE.exists(), reason="needs axe-core, which script/setup installs"),
]


@pytest.fixture
async def page(client: Client, hub: Hub) -> AsyncIterator[Page]:
    """The page of a hub with something to show."""
    await client.run(plain_graph())
    await client.run(plain_graph(fake="fail"))
    await client.run(plain_graph(fake="steps"))
    await client.post("/api/hub/automations/asked/trigger", {})
    await client.post("/api/hub/outputs/mark", {"outputs": [1], "starred": True, "add": ["beach"]})
    await fill(client, hub, 3)
    async with open_page() as page:
        yield page


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_nothing_serious_is_found(page: Page, client: Client, theme: Any) -> None:
    await page.emulate_media(color_scheme=theme)
    found = []
    for address, (heading, content) in PAGES.items():
        await page.goto(f"{client.address}/{address}")
        await expect(page.locator("main h1")).to_have_text(heading)
        await expect(page.locator(f"main >> {content}").first).to_be_visible()
        found += [f"{address} {line}" for line in await faults_of(page)]
    assert found == []


async def test_an_opened_picture_is_usable_too(page: Page, client: Client) -> None:
    await page.goto(f"{client.address}/#/gallery")
    await page.get_by_role("button", name="plain_00001_.png").click()
    await expect(page.get_by_role("dialog").get_by_role("link", name="Run 1")).to_be_visible()
    assert await faults_of(page) == []
    await page.keyboard.press("Escape")
    await page.get_by_role("checkbox", name="Select plain_00001_.png").check()
    await expect(page.get_by_role("toolbar")).to_be_visible()
    assert await faults_of(page) == []


async def test_the_trace_of_a_firing_is_usable_too(page: Page, client: Client) -> None:
    await page.goto(f"{client.address}/#/automations/asked")
    await page.locator("#firings a").first.click()
    await expect(page.locator("#values")).to_be_visible()
    assert await faults_of(page) == []


async def faults_of(page: Page) -> list[str]:
    """What axe-core finds that is serious or worse, each with the elements concerned."""
    await page.evaluate(AXE.read_text())
    options = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
    told = await page.evaluate("options => axe.run(document, options)", options)
    return [
        f"{fault['id']}: {[node['html'][:120] for node in fault['nodes']]}"
        for fault in told["violations"]
        if fault["impact"] in ("serious", "critical")
    ]
