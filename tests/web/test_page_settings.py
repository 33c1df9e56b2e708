"""The settings on the page, in a real browser."""

import asyncio
import tarfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import structlog
from playwright.async_api import Page, expect

from hub.app import Hub
from tests.web.browser import browsing, needs_chromium
from tests.web.client import Client
from tests.web.configuration import plain_graph

pytestmark = needs_chromium
log = structlog.get_logger()


@pytest.fixture
async def page(hub: Hub) -> AsyncIterator[Page]:
    async with browsing() as page:
        await page.goto(f"{hub.address}/#/settings/keeping")
        yield page


async def test_a_limit_is_changed_with_comments_kept_and_holds_at_once(
    page: Page, hub: Hub, config: Path
) -> None:
    settings = config / "hub.yaml"
    commented = f"# first of all\n{await asyncio.to_thread(settings.read_text)}"
    await asyncio.to_thread(settings.write_text, commented)
    await page.reload()
    runs = page.get_by_role("group", name="Runs", exact=True)
    await expect(runs.get_by_label("Older than")).to_have_value("90d")
    await runs.get_by_label("More than").fill("500")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Saved; it holds from now on.")).to_be_visible()
    await expect(page.get_by_role("button", name="Save")).to_be_disabled()
    written = await asyncio.to_thread(settings.read_text)
    assert written == f"{commented}retention:\n  runs: {{age: 90d, count: 500}}\n"
    assert hub.configuration.settings.retention.runs.count == 500


async def test_a_limit_that_means_nothing_is_told_and_kept_to_be_mended(
    page: Page, config: Path
) -> None:
    runs = page.get_by_role("group", name="Runs", exact=True)
    await runs.get_by_label("Older than").fill("a while")
    await page.get_by_role("button", name="Save").click()
    await expect(page.locator(".toast.error")).to_contain_text("'a while'")
    await expect(runs.get_by_label("Older than")).to_have_value("a while")
    await page.get_by_role("button", name="Discard").click()
    await expect(runs.get_by_label("Older than")).to_have_value("90d")
    await page.get_by_role("link", name="Runs", exact=True).click()
    await expect(page.locator(".toast.error")).to_be_hidden()
    assert "retention" not in await asyncio.to_thread((config / "hub.yaml").read_text)


async def test_what_may_go_is_counted_first(page: Page, client: Client) -> None:
    for _ in range(3):
        await client.run(plain_graph())
    await page.get_by_role("button", name="What may go?").click()
    await expect(page.get_by_text("Nothing is beyond the limits.")).to_be_visible()
    outputs = page.get_by_role("group", name="Outputs", exact=True)
    await outputs.get_by_label("More than").fill("1")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Saved; it holds from now on.")).to_be_visible()
    await page.get_by_role("button", name="What may go?").click()
    await expect(page.get_by_text("Beyond the limits of retention: 2 outputs")).to_be_visible()
    await expect(page.get_by_role("button", name="Remove them")).to_be_visible()


async def test_a_backup_is_downloaded(page: Page, tmp_path: Path) -> None:
    await page.get_by_label("with secrets").uncheck()
    async with page.expect_download() as downloading:
        await page.get_by_role("link", name="Download a backup").click()
    download = await downloading.value
    assert download.suggested_filename.startswith("hub-")
    await download.save_as(tmp_path / "backup.tar")
    with tarfile.open(tmp_path / "backup.tar") as tar:
        assert {"data/hub.sqlite", "config/automations.yaml"} <= set(tar.getnames())


async def test_the_log_comes_live_is_sifted_and_stands_still(page: Page) -> None:
    log.info("nothing to worry about")
    await page.get_by_role("link", name="Log", exact=True).click()
    lines = page.get_by_role("log")
    await expect(lines).to_contain_text("nothing to worry about")
    log.warning("a strange noise", room="cellar")
    await expect(lines).to_contain_text("a strange noise room=cellar")
    await page.get_by_label("How grave").select_option("Warnings and errors")
    await expect(lines).not_to_contain_text("nothing to worry about")
    await page.get_by_role("button", name="Pause").click()
    log.warning("another noise")
    await expect(page.get_by_role("button", name="Go on")).to_contain_text("one new")
    await expect(lines).not_to_contain_text("another noise")
    await page.get_by_role("button", name="Go on").click()
    await expect(lines).to_contain_text("another noise")


async def test_users_and_tokens_are_made_and_taken_away(page: Page, client: Client) -> None:
    owner = {"name": "owner", "password": "correct horse battery", "role": "admin"}
    await client.post("/api/hub/users", owner)
    await page.get_by_role("link", name="Settings").click()
    await page.get_by_label("Name", exact=True).fill("anna")
    await page.get_by_label("Password").fill("correct horse battery")
    await page.get_by_role("button", name="Add a user").click()
    await expect(page.get_by_label("Role of anna")).to_have_value("operator")
    await page.get_by_label("What it is for").fill("phone")
    await page.get_by_label("Whose it is").select_option("anna")
    await page.get_by_role("button", name="Make a token").click()
    await expect(page.get_by_text("Copy it now")).to_be_visible()
    secret = await page.get_by_role("status").locator("code").inner_text()
    assert (await client.get("/api/hub/me", Authorization=f"Bearer {secret}"))[1]["user"] == "anna"
    remove = page.get_by_role("button", name="Remove the user anna?")
    question = page.get_by_role("dialog")
    await remove.click()
    await expect(question).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(question).to_be_hidden()
    await expect(remove).to_be_focused()
    await remove.click()
    await question.get_by_role("button", name="Remove").click()
    await expect(page.get_by_label("Role of anna")).to_have_count(0)
    await expect(page.get_by_text("There are no tokens yet.")).to_be_visible()


async def test_what_is_for_admins_is_not_shown_to_others(page: Page, client: Client) -> None:
    await client.post("/api/hub/users", {"name": "owner", "password": "correct horse battery"})
    viewer = {"name": "guest", "password": "correct horse battery", "role": "viewer"}
    await client.post("/api/hub/users", viewer)
    _, made = await client.post("/api/hub/tokens", {"user": "guest", "name": "t", "scope": "read"})
    await page.set_extra_http_headers({"Authorization": f"Bearer {made['token']}"})
    await page.reload()
    await expect(page.get_by_role("heading", name="This is for admins")).to_be_visible()
    await expect(page.get_by_role("heading", name="Backup")).to_have_count(0)
