"""What a run did on its way, and two runs side by side, in a real browser."""

import io

from PIL import Image
from playwright.async_api import Page, expect

from tests.web.browser import needs_chromium
from tests.web.client import Client
from tests.web.configuration import plain_graph

pytestmark = needs_chromium


async def test_a_run_shows_its_film_and_its_course(live_page: Page, client: Client) -> None:
    await client.run(plain_graph(fake="steps"))
    await live_page.goto(f"{client.address}/#/runs/1")
    frames = live_page.locator(".film img")
    await expect(frames).to_have_count(4)
    await expect(frames.first).to_have_js_property("naturalWidth", 8)
    chart = live_page.get_by_role("img", name="How far these nodes were: 2 SaveImage")
    await expect(chart.locator("canvas")).to_be_visible()


async def test_a_posted_prompt_is_run_with_other_values(live_page: Page, client: Client) -> None:
    page = live_page
    await client.run(plain_graph())
    await page.goto(f"{client.address}/#/runs/1")
    await page.get_by_role("link", name="Run with changes").click()
    save = page.get_by_role("group", name="SaveImage")
    await expect(save.get_by_label("filename_prefix")).to_have_value("plain")
    await page.get_by_role("button", name="Run", exact=True).click()
    await expect(page.get_by_text("Nothing is different yet.")).to_be_visible()
    await save.get_by_label("filename_prefix").fill("changed")
    await page.get_by_role("button", name="Run", exact=True).click()
    await expect(page.get_by_role("heading", name="#2", level=1)).to_be_visible()
    await expect(page.get_by_role("button", name="changed_00001_.png")).to_be_visible()


async def test_a_film_begins_while_the_run_goes_on(live_page: Page, client: Client) -> None:
    await client.post("/prompt", {"prompt": plain_graph(fake="show")})
    await live_page.goto(f"{client.address}/#/runs/1")
    await expect(live_page.get_by_role("heading", name="On the way")).to_be_visible()
    await expect(live_page.locator(".film img")).to_have_count(1)


async def test_two_runs_of_the_list_are_compared(live_page: Page, client: Client) -> None:
    await client.run(plain_graph(note="a"))
    await client.run(plain_graph(note="b", fake="fail"))
    await live_page.goto(f"{client.address}/#/runs")
    await live_page.get_by_role("button", name="Compare run 1").click()
    await live_page.get_by_role("button", name="Compare run 1 with 2").click()
    await expect(live_page.get_by_role("heading", name="Compare runs")).to_be_visible()
    differences = live_page.get_by_role("group", name="What they were given differently")
    await expect(differences.get_by_role("row", name="2.note a b")).to_be_visible()
    await expect(differences.get_by_role("row")).to_have_count(3)
    times = live_page.get_by_role("group", name="Time per node")
    await expect(times.get_by_role("row", name="2 SaveImage 0 ms not reached")).to_be_visible()
    await expect(live_page.get_by_role("button", name="plain_00001_.png")).to_be_visible()
    await expect(live_page.get_by_text("5 values are the same")).to_be_visible()


async def test_a_run_is_compared_with_one_that_is_chosen(live_page: Page, client: Client) -> None:
    for prefix in ("here", "there"):
        body = {"parameters": {"prefix": prefix}, "wait": True}
        await client.post("/api/hub/workflows/plain/run", body)
    await live_page.goto(f"{client.address}/#/runs/2")
    await live_page.get_by_role("link", name="Compare").click()
    await expect(live_page.get_by_text("Choose two runs")).to_be_visible()
    await live_page.get_by_label("The other").select_option("1")
    row = live_page.get_by_role("row", name="prefix there here")
    await expect(row).to_be_visible()
    assert live_page.url.endswith("#/compare?one=2&other=1")


async def test_on_a_phone_a_long_word_of_an_error_stays_on_the_page(
    live_page: Page, client: Client
) -> None:
    await client.run(plain_graph(fake="fail", message="long" * 50))
    await live_page.set_viewport_size({"width": 390, "height": 844})
    await live_page.goto(f"{client.address}/#/runs")
    await expect(live_page.get_by_text("long" * 50)).to_be_visible()
    assert await live_page.evaluate("document.documentElement.scrollWidth") == 390


async def test_what_came_out_is_compared_with_what_went_in(live_page: Page, client: Client) -> None:
    page = live_page
    content = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(content, "TIFF")  # which no browser shows by itself
    _, stored = await client.post("/api/hub/inputs?name=a.tiff", content.getvalue())
    given = {"parameters": {"photo": stored["name"]}, "wait": True}
    await client.post("/api/hub/workflows/photo/run", given)
    await page.goto(f"{client.address}/#/runs/1")
    await expect(page.get_by_role("link", name=stored["name"])).to_be_visible()
    await page.get_by_role("button", name="photo_00001_.png").click()
    box = page.get_by_role("dialog")
    await box.get_by_role("button", name="Compare with what went in").click()
    before = box.locator(".wipe .before")
    await expect(before).to_have_js_property("naturalWidth", 8)
    line = box.get_by_role("slider", name="Where the two pictures meet")
    await line.press("End")
    await expect(before).to_have_css("clip-path", "inset(0px 0% 0px 0px)")
    await line.press("Home")
    await expect(before).to_have_css("clip-path", "inset(0px 100% 0px 0px)")
    await page.keyboard.press("c")
    await expect(before).to_be_hidden()
    await box.get_by_role("button", name=f"Compare with {stored['name']}").click()
    await expect(before).to_be_visible()
