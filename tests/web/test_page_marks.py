"""Stars, tags, picking many, downloading and deleting them, in the gallery of a real browser."""

import asyncio
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.async_api import Locator, Page, expect

from tests.web.browser import needs_chromium, stop_timers
from tests.web.client import Client
from tests.web.configuration import plain_graph

pytestmark = needs_chromium


@pytest.fixture
async def gallery(live_page: Page, client: Client) -> Page:
    """The gallery with plain_00001_.png to plain_00004_.png, the latest first."""
    for _ in range(4):
        await client.run(plain_graph())
    await live_page.goto(f"{client.address}/#/gallery")
    await expect(live_page.locator(".grid li")).to_have_count(4)
    return live_page


def name(number: int) -> str:
    return f"plain_{number:05}_.png"


def tile(page: Page, number: int) -> Locator:
    return page.get_by_role("button", name=name(number))


async def pick(page: Page, *numbers: int) -> None:
    for number in numbers:
        await page.get_by_role("checkbox", name=f"Select {name(number)}").check()


async def test_a_starred_output_is_found_by_its_star(gallery: Page) -> None:
    await tile(gallery, 2).click()
    star = gallery.get_by_role("dialog").get_by_role("button", name="Star")
    await star.click()
    await expect(star).to_have_attribute("aria-pressed", "true")
    await gallery.keyboard.press("Escape")
    await gallery.get_by_role("button", name="Starred").click()
    await expect(gallery.locator(".grid li")).to_have_count(1)
    await expect(tile(gallery, 2)).to_be_visible()
    await tile(gallery, 2).press("s")
    await expect(gallery.get_by_text("No output is like that")).to_be_visible()
    await gallery.get_by_role("link", name="Show all").click()
    await expect(gallery.locator(".grid li")).to_have_count(4)


async def test_many_are_tagged_at_once_and_found_by_their_tag(gallery: Page) -> None:
    await pick(gallery, 1, 3)
    await expect(gallery.get_by_text("2 selected")).to_be_visible()
    await gallery.get_by_label("Add a tag").fill("beach")
    await gallery.get_by_label("Add a tag").press("Enter")
    await gallery.get_by_role("combobox", name="Tags").select_option("beach")
    await expect(gallery.locator(".grid li")).to_have_count(2)
    await tile(gallery, 3).click()
    dialog = gallery.get_by_role("dialog")
    await dialog.get_by_role("button", name="Remove the tag beach").click()
    await expect(dialog.get_by_role("list", name="Tags")).to_have_count(0)
    await gallery.keyboard.press("Escape")
    await expect(gallery.locator(".grid li")).to_have_count(1)
    await expect(tile(gallery, 1)).to_be_visible()


async def test_a_stretch_is_picked_and_downloaded_as_one_archive(
    gallery: Page, tmp_path: Path
) -> None:
    await pick(gallery, 4)
    await gallery.get_by_role("checkbox", name=f"Select {name(2)}").click(modifiers=["Shift"])
    await expect(gallery.get_by_text("3 selected")).to_be_visible()
    async with gallery.expect_download() as downloading:
        await gallery.get_by_role("button", name="Download").click()
    archive = tmp_path / "outputs.zip"
    await (await downloading.value).save_as(archive)
    names = await asyncio.to_thread(lambda: ZipFile(archive).namelist())
    assert sorted(names) == [name(2), name(3), name(4)]
    await gallery.get_by_role("button", name="Select none").click()
    await expect(gallery.get_by_role("toolbar")).to_be_hidden()


async def test_many_are_deleted_and_taken_back(gallery: Page, client: Client) -> None:
    await pick(gallery, 1, 2, 3)
    await stop_timers(gallery)
    await gallery.get_by_role("toolbar").get_by_role("button", name="Delete").click()
    await expect(gallery.locator(".grid li")).to_have_count(1)
    await gallery.get_by_role("button", name="Undo").click()
    await expect(gallery.locator(".grid li")).to_have_count(4)
    _, answer = await client.get("/api/hub/outputs")
    assert [output["deleted_at"] for output in answer["outputs"]] == [None] * 4


async def test_what_is_deleted_elsewhere_disappears(gallery: Page, client: Client) -> None:
    await client.delete("/api/hub/outputs/1")
    await expect(gallery.locator(".grid li")).to_have_count(3)


async def test_tiles_are_gone_through_and_picked_by_keyboard(gallery: Page) -> None:
    await tile(gallery, 4).focus()
    await gallery.keyboard.press("ArrowRight")
    await expect(tile(gallery, 3)).to_be_focused()
    await gallery.keyboard.press("x")
    await expect(gallery.get_by_text("One selected")).to_be_visible()
    await gallery.keyboard.press("ArrowRight")
    await expect(tile(gallery, 2)).to_be_focused()
    await gallery.keyboard.press("X")
    await expect(gallery.get_by_text("2 selected")).to_be_visible()
    await gallery.keyboard.press("Escape")
    await expect(gallery.get_by_role("toolbar")).to_be_hidden()
    await gallery.keyboard.press("Delete")
    await expect(gallery.get_by_text("One output is deleted.")).to_be_visible()
    await expect(gallery.locator(".grid li")).to_have_count(3)


async def test_a_picture_is_enlarged_and_moved(gallery: Page) -> None:
    await tile(gallery, 1).click()
    dialog = gallery.get_by_role("dialog")
    picture = dialog.get_by_role("img", name=name(1))
    await expect(picture).to_have_js_property("naturalWidth", 8)
    before = await picture.bounding_box()
    await dialog.get_by_role("button", name="Larger").click()
    larger = await picture.bounding_box()
    assert before
    assert larger
    assert larger["width"] == pytest.approx(before["width"] * 1.5)
    await gallery.mouse.move(larger["x"] + 4, larger["y"] + 4)
    await gallery.mouse.down()
    await gallery.mouse.move(larger["x"] + 34, larger["y"] + 4)
    await gallery.mouse.up()
    shifted = await picture.bounding_box()
    assert shifted
    assert shifted["x"] == pytest.approx(larger["x"] + 30)
    await gallery.keyboard.press("0")
    assert await picture.bounding_box() == before
