"""Declaring the parameters of a workflow on the page, in a real browser."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from hub.app import Hub
from tests.web.browser import CHROMIUM, browsing

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Debian's chromium")


@pytest.fixture
async def page(hub: Hub) -> AsyncIterator[Page]:
    async with browsing() as page:
        await page.goto(f"{hub.address}/#/workflows/plain")
        yield page


async def test_an_input_is_made_a_parameter_by_choosing_its_node(page: Page, config: Path) -> None:
    await page.locator(".graph").get_by_role("button", name="1 EmptyImage").press("Enter")
    inputs = page.get_by_role("region", name="Inputs of node 1")
    row = inputs.get_by_role("listitem").filter(has_text="height")
    await row.get_by_text("Make it a parameter").first.click()
    await expect(row.get_by_label("What it takes")).to_have_value("integer")
    await row.get_by_label("What people call it").fill("How high")
    await row.get_by_role("button", name="Make it a parameter").click()
    await expect(page.get_by_text("height is a parameter now.")).to_be_visible()
    await expect(page.get_by_role("spinbutton", name="How high")).to_be_visible()
    sidecar = config / "workflows" / "plain.yaml"
    written = await asyncio.to_thread(sidecar.read_text)
    assert 'height: {node: "1", input: height, type: integer, label: How high' in written
    assert "title: Plain picture" in written
    await inputs.get_by_role("button", name="Make height no parameter any more").click()
    await expect(page.get_by_role("spinbutton", name="How high")).to_have_count(0)
    assert "height" not in await asyncio.to_thread(sidecar.read_text)
