"""Making and changing automations on the page, in a real browser."""

import asyncio
import re
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


async def test_what_is_changed_by_form_is_shown_in_the_text_and_keeps_comments(
    page: Page, config: Path
) -> None:
    automations = config / "automations.yaml"
    comments = "# first of all\n" * 300  # only what is in sight is drawn
    commented = f"{comments}{(await asyncio.to_thread(automations.read_text)).lstrip()}"
    await asyncio.to_thread(automations.write_text, commented)
    await page.get_by_role("link", name="Photos").click()
    await page.get_by_role("link", name="Edit").click()
    await expect(page.locator(".cm-activeLine")).to_contain_text("id: photos")
    await page.locator(".cm-scroller").evaluate("scroller => scroller.scrollTo(0, 0)")
    await expect(page.locator(".cm-content")).not_to_contain_text("settle")
    await page.get_by_label("settle").fill("3s")
    await page.get_by_label("settle").press("Tab")
    await expect(page.locator(".cm-content")).to_contain_text("settle: 3s")
    await expect(page.locator("#verdict")).to_have_text("Everything in it can be used.")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Saved; the hub goes by it now.")).to_be_visible()
    written = await asyncio.to_thread(automations.read_text)
    assert written.startswith(comments)
    assert "settle: 3s" in written


async def test_saved_workflows_are_proposed_where_one_is_named(page: Page) -> None:
    await page.get_by_role("link", name="New automation").click()
    await page.get_by_label("Add an action").select_option("workflow.run")
    named = page.get_by_role("combobox", name="workflow (needed)")
    proposed = page.locator(f"#{await named.get_attribute('list')} option")
    assert [await option.get_attribute("value") for option in await proposed.all()] == [
        *("photo", "plain")
    ]


async def test_what_is_wrong_with_a_file_already_is_told_when_it_is_opened(
    page: Page, config: Path
) -> None:
    automations = config / "automations.yaml"
    text = await asyncio.to_thread(automations.read_text)
    await asyncio.to_thread(automations.write_text, text.replace("settle: 0.05s", "settle: soon"))
    await page.get_by_role("link", name="Photos").click()
    await page.get_by_role("link", name="Edit").click()
    await expect(page.locator("#verdict")).to_contain_text("soon")
    await expect(page.get_by_role("button", name="Save")).to_be_disabled()


async def test_on_a_phone_the_form_stays_in_sight_while_the_text_below_it_follows(
    page: Page, config: Path
) -> None:
    automations = config / "automations.yaml"
    text = await asyncio.to_thread(automations.read_text)
    await asyncio.to_thread(automations.write_text, "# first of all\n" * 300 + text.lstrip())
    await page.set_viewport_size({"width": 390, "height": 844})
    await page.get_by_role("link", name="Photos").click()
    await page.get_by_role("link", name="Edit").click()
    await expect(page.locator(".cm-activeLine")).to_contain_text("id: photos")
    assert await page.evaluate("scrollY") == 0
    await page.locator(".cm-scroller").evaluate("scroller => scroller.scrollTo(0, 0)")
    await page.get_by_label("alias").first.fill("Pictures")
    await page.get_by_label("alias").first.press("Tab")
    await expect(page.locator(".cm-content")).to_contain_text("alias: Pictures")
    await expect(page.get_by_label("alias").first).to_be_in_viewport()


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


async def test_blocks_are_built_within_blocks_by_keyboard(page: Page) -> None:
    await edit(page, "asked")
    text, then = page.locator(".cm-content"), page.get_by_role("group", name="then")
    await add(page, "an action", "if")
    await add(page, "a condition", "state", to="if")
    await add(page, "an action", "repeat", to="then")
    await expect(then.get_by_label("count")).to_be_visible()
    await add(page, "an action", "delay", to="sequence")
    delay = page.get_by_role("group", name="sequence").get_by_role("group", name="delay")
    await expect(delay.get_by_label("delay (needed)")).to_be_focused()
    await page.keyboard.type(" long")
    await page.keyboard.press("Enter")
    await expect(text).to_contain_text("delay: 5s long")
    await expect(delay.get_by_label("delay (needed)")).to_have_accessible_description(
        re.compile("must be a duration")
    )
    await delay.get_by_label("delay (needed)").fill("7s")
    await page.keyboard.press("Enter")
    await expect(delay.locator(".wrong")).to_have_count(0)
    await delay.get_by_role("button", name="Duplicate delay").press("Enter")
    await expect(delay).to_have_count(2)
    await expect(delay.nth(1).get_by_role("button", name="delay", exact=True)).to_be_focused()
    await delay.nth(1).get_by_label("delay (needed)").fill("8s")
    await delay.nth(1).get_by_role("button", name="Move delay up").press("Enter")
    await expect(page.get_by_text("delay is at place 1 of 2 now.")).to_be_attached()
    await expect(text).to_contain_text("sequence:            - delay: 8s            - delay: 7s")
    # The focus stays with what was moved, which cannot go further up.
    await expect(delay.nth(0).get_by_role("button", name="delay", exact=True)).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(delay.nth(0).get_by_label("delay (needed)")).to_be_hidden()
    await expect(delay.nth(0)).to_contain_text("8s")


async def test_what_is_written_short_is_shown_as_blocks_and_keeps_its_comments(
    page: Page, config: Path
) -> None:
    automations = config / "automations.yaml"
    with await asyncio.to_thread(automations.open, "a") as file:
        file.write(SHORT)
    await edit(page, "short")
    text = page.locator(".cm-content")
    conditions = page.get_by_role("group", name="if", exact=True)
    await expect(conditions).to_contain_text("template {{ true }}")
    await add(page, "a condition", "template", to="if")
    await expect(text).to_contain_text('- "{{ true }}" # as long as it holds')
    branches = page.get_by_role("group", name="parallel", exact=True)
    await branches.get_by_role("button", name="Move sequence up").click()
    await branches.get_by_role("button", name="Remove delay").first.click()
    await expect(text).to_contain_text("- - delay: 2s # a while")
    await expect(page.get_by_text("Change it in the text")).to_be_visible()


SHORT = """
- id: short
  triggers: [{trigger: manual}]
  actions:
    - if: "{{ true }}" # as long as it holds
      then: {stop: Enough.}
    - parallel:
        - delay: 1s
        - - delay: 2s # a while
          - delay: 3s
    - sequence: !include included.yaml
"""


async def edit(page: Page, automation: str) -> None:
    await page.get_by_role("link", name=automation).click()
    await page.get_by_role("link", name="Edit").click()
    await expect(page.locator(".cm-content")).to_contain_text(f"id: {automation}")


async def add(page: Page, what: str, kind: str, *, to: str = "") -> None:
    """Add something at the top, or to the list of that name in a block."""
    label = f"Add {what} … ({to})" if to else f"Add {what} …"
    await page.get_by_label(label, exact=True).select_option(kind)
