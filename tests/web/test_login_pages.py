"""Coming in with a browser."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from hub.app import Hub
from hub.records.access import Role
from tests.web.axe import CONTRAST, faults_of, needs_axe
from tests.web.browser import needs_chromium, open_page
from tests.web.locked import PASSWORD, Visitor, locked_hub, visitor


@pytest.fixture
async def hub(config: Path) -> AsyncIterator[Hub]:
    async with locked_hub(config) as hub:
        yield hub


@pytest.fixture
async def owned(hub: Hub) -> Hub:
    await hub.door.accounts.add("anna", PASSWORD, Role.ADMIN)
    return hub


@pytest.fixture
async def anybody(hub: Hub) -> AsyncIterator[Visitor]:
    async with visitor(hub) as anybody:
        yield anybody


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    complaints: list[str] = []
    async with open_page() as page:
        page.on("console", lambda message: complaints.append(message.text))
        yield page
    assert [text for text in complaints if "Security Policy" in text] == []


@needs_chromium
@needs_axe
async def test_where_one_comes_in_is_usable_for_everybody(hub: Hub, page: Page) -> None:
    await page.goto(hub.address)
    await expect(page.locator("h1")).to_have_text("Welcome to your new hub")
    faults = await faults_of(page)
    await hub.door.accounts.add("anna", PASSWORD, Role.ADMIN)
    await page.goto(hub.address)
    await expect(page.locator("h1")).to_have_text("Log in")
    faults += await faults_of(page)
    await page.emulate_media(color_scheme="dark")
    faults += await faults_of(page, rules=CONTRAST)
    assert faults == []


@needs_chromium
async def test_the_owner_comes_in_by_the_code_and_back_by_the_password(
    hub: Hub, page: Page
) -> None:
    await page.goto(hub.address)
    await expect(page.locator("h1")).to_have_text("Welcome to your new hub")
    await page.get_by_label("Code from the terminal").fill("0000")
    await page.get_by_label("Name").fill("anna")
    await page.get_by_label("New password").fill(PASSWORD)
    await page.get_by_role("button").click()
    await expect(page.get_by_role("alert")).to_contain_text("not the code")
    await page.get_by_label("Code from the terminal").fill(hub.door.welcome_code or "")
    await page.get_by_label("Name").fill("anna")
    await page.get_by_label("New password").fill(PASSWORD)
    await page.get_by_role("button").click()
    await page.wait_for_url(f"{hub.address}/")

    await page.context.clear_cookies()
    await page.goto(f"{hub.address}/api/hub/runs")
    await page.get_by_label("Name").fill("anna")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button").click()
    await page.wait_for_url(f"{hub.address}/api/hub/runs")  # and not what leads there


@needs_chromium
async def test_who_logs_in_sees_the_page_that_was_asked_for(owned: Hub, page: Page) -> None:
    wanted = f"{owned.address}/#/settings/log"
    await page.goto(wanted)
    for password in ("wrong password", PASSWORD):
        await page.get_by_label("Name").fill("anna")
        await page.get_by_label("Password").fill(password)
        await page.get_by_role("button").click()
    await page.wait_for_url(wanted)
    await page.context.clear_cookies()
    await page.get_by_role("link", name="Gallery").click()
    await page.get_by_label("Name").fill("anna")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button").click()
    await page.wait_for_url(f"{owned.address}/#/gallery")


async def test_without_a_login_the_page_is_not_handed_out(owned: Hub, anybody: Visitor) -> None:
    async with anybody.session.get("/", headers={"Accept": "text/html"}) as response:
        assert response.url.path == "/login"
        assert "/page/" not in await response.text()


async def test_the_pages_run_no_scripts_and_stand_in_no_frame(owned: Hub, anybody: Visitor) -> None:
    async with anybody.session.get("/login") as response:
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert response.headers["Cache-Control"] == "no-store"
        assert "<script" not in await response.text()


@pytest.mark.parametrize(
    "wanted", ["//evil.example", "https://evil.example", "/\\evil.example", "/a\r\nX: 1", "a"]
)
async def test_a_login_leads_nowhere_else(owned: Hub, anybody: Visitor, wanted: str) -> None:
    async with anybody.session.post(
        "/login",
        params={"next": wanted},
        data={"name": "anna", "password": PASSWORD},
        allow_redirects=False,
    ) as response:
        assert (response.status, response.headers["Location"]) == (303, "/")


async def test_what_is_typed_never_becomes_part_of_the_page(owned: Hub, anybody: Visitor) -> None:
    hostile = '/"><script>alert(1)</script>'
    async with anybody.session.post(
        "/login", params={"next": hostile}, data={"name": hostile, "password": hostile}
    ) as response:
        assert response.status == 401
        assert "<script" not in await response.text()


async def test_who_comes_by_a_link_of_another_site_is_asked_only_if_nobody_is_known(
    owned: Hub, anybody: Visitor
) -> None:
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    async with anybody.session.get("/login?next=/x", headers=headers) as response:
        assert re.search(r'content="0; url=/x"', await response.text())


async def test_with_an_owner_there_is_no_welcome(owned: Hub, anybody: Visitor) -> None:
    async with anybody.session.get("/welcome") as response:
        assert response.url.path == "/login"
    body = {"code": owned.door.reception.code, "name": "eve", "password": PASSWORD}
    async with anybody.session.post("/welcome", data=body) as response:
        assert response.status == 409
