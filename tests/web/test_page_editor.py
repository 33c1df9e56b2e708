"""Making and changing automations on the page, in a real browser."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from hub.app import Hub
from tests.web.browser import needs_chromium, open_page
from tests.web.client import Client

pytestmark = needs_chromium


@pytest.fixture
async def page(hub: Hub) -> AsyncIterator[Page]:
    """The page of all automations. Whatever the browser complains about fails the test."""
    complaints: list[str] = []
    async with open_page(viewport={"width": 1400, "height": 900}) as page:
        page.on("console", lambda said: complaints.append(f"{said.text} {said.location}"))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        await page.goto(f"{hub.address}/#/automations")
        yield page
    assert complaints == []


async def test_an_automation_is_made_by_form_and_runs(
    page: Page, client: Client, config: Path
) -> None:
    await page.get_by_role("link", name="New automation").click()
    text, verdict = page.locator(".cm-content"), page.locator("#verdict")
    await expect(verdict).to_contain_text("triggers")
    await page.get_by_label("id (needed)").fill("by_form")
    await page.get_by_label("alias").first.fill("Made by form")
    await page.get_by_label("Add a trigger").select_option("manual")
    await page.get_by_label("Add an action").select_option("workflow.run")
    action = page.get_by_role("region", name="Then")
    await action.get_by_label("workflow (needed)").fill("plain")
    await action.get_by_label("parameters", exact=True).fill("prefix: formed")
    await action.get_by_label("parameters", exact=True).press("Tab")
    await expect(text).to_contain_text("alias: Made by form")
    await expect(text).to_contain_text("prefix: formed")
    await expect(verdict).to_have_text("Everything in it can be used.")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("heading", name="Made by form")).to_be_visible()
    written = await asyncio.to_thread((config / "automations.yaml").read_text)
    assert "alias: Photos" in written
    await page.get_by_role("button", name="Run now").click()
    await page.get_by_role("link", name="Run 1").click()
    await expect(page.get_by_role("button", name="formed_00001_.png")).to_be_visible()


async def test_a_mistake_in_the_text_is_told_with_its_line(page: Page, config: Path) -> None:
    before = await asyncio.to_thread((config / "automations.yaml").read_text)
    await page.get_by_role("link", name="asked").click()
    await page.get_by_role("link", name="Edit").click()
    text, verdict = page.locator(".cm-content"), page.locator("#verdict")
    await expect(text).to_contain_text("id: asked")
    await text.press("ControlOrMeta+End")
    await page.keyboard.insert_text("- id: broken\n  ")
    await page.keyboard.type("mo")
    await page.locator(".cm-tooltip-autocomplete li").get_by_text("mode", exact=True).click()
    # At once, as Enter would take what is proposed, if that has come by then.
    await page.keyboard.insert_text("single\n  actionz: []")
    await expect(text).to_contain_text("mode: single")
    await expect(verdict).to_contain_text("actionz")
    await expect(page.locator(".cm-lint-marker-error").first).to_be_visible()
    await expect(verdict.get_by_role("button", name="Line").first).to_be_visible()
    await expect(page.get_by_role("button", name="Save")).to_be_enabled()
    assert await asyncio.to_thread((config / "automations.yaml").read_text) == before


async def test_what_is_changed_by_form_keeps_comments(page: Page, config: Path) -> None:
    automations = config / "automations.yaml"
    commented = f"# first of all\n{(await asyncio.to_thread(automations.read_text)).lstrip()}"
    await asyncio.to_thread(automations.write_text, commented)
    await page.get_by_role("link", name="Photos").click()
    await page.get_by_role("link", name="Edit").click()
    await page.get_by_label("settle").fill("3s")
    await page.get_by_label("settle").press("Tab")
    await expect(page.locator(".cm-content")).to_contain_text("settle: 3s")
    await expect(page.locator("#verdict")).to_have_text("Everything in it can be used.")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Saved; the hub goes by it now.")).to_be_visible()
    written = await asyncio.to_thread(automations.read_text)
    assert written.startswith("# first of all\n")
    assert "settle: 3s" in written


async def test_the_form_shows_what_a_trigger_would_do(page: Page, config: Path) -> None:
    await asyncio.to_thread((config / "inbox" / "notes.txt").write_text, "no picture")
    await page.get_by_role("link", name="New automation").click()
    when = page.get_by_role("region", name="When")
    await page.get_by_label("Add a trigger").select_option("schedule")
    await when.get_by_label("every").fill("2h")
    await when.get_by_label("every").press("Tab")
    await expect(when.get_by_text("It fires next")).to_be_visible()
    await expect(when.locator("trigger-preview time")).to_have_count(10)
    await when.get_by_role("button", name="Remove schedule").click()
    await page.get_by_label("Add a trigger").select_option("folder")
    await when.get_by_label("path (needed)").fill("inbox")
    await when.get_by_label("path (needed)").press("Tab")
    await expect(when.get_by_text("notes.txt")).to_be_visible()
    await expect(when.get_by_text("Its suffix '.txt' is not known")).to_be_visible()
    await when.get_by_role("button", name="Remove folder").click()
    await page.get_by_label("Add a trigger").select_option("webhook")
    await when.get_by_role("button", name="Generate").click()
    await expect(when.locator("trigger-preview pre")).to_contain_text("curl -X POST http://")


async def test_steps_within_steps_are_changed_by_form_with_their_comments(page: Page) -> None:
    await page.get_by_role("link", name="asked").click()
    await page.get_by_role("link", name="Edit").click()
    text, then = page.locator(".cm-content"), page.get_by_role("region", name="Then")
    await page.get_by_label("Add an action").select_option("if")
    await then.get_by_label("if (needed)").fill('- "{{ true }}" # as long as it holds')
    await then.get_by_label("then (needed)").fill("# a while\n- delay: 1s")
    await then.get_by_label("then (needed)").press("Tab")
    await expect(text).to_contain_text("# as long as it holds")
    await expect(then.get_by_label("then (needed)")).to_have_value("# a while\n- delay: 1s")
    await page.get_by_label("Add an action").select_option("condition")
    await expect(then.get_by_label("value_template (needed)")).to_have_value("{{ true }}")
    await expect(page.locator("#verdict")).to_have_text("Everything in it can be used.")
