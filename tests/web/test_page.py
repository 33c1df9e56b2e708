"""The page, in a real browser."""

import asyncio
import json
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from hub.app import Hub
from tests.web.browser import needs_chromium, stop_timers
from tests.web.client import Client, content_of
from tests.web.configuration import WEBHOOK, plain_graph

HOSTILE = "<img src=x onerror=alert(1)>.png"

BY_FORM = """
- id: by_form
  triggers:
    - trigger: manual
      parameters: {title: {required: true}, style: {type: select, options: [oil, ink]}}
  actions:
    - variables: {made: "{{ trigger.parameters.title }} in {{ trigger.parameters.style }}"}
"""

pytestmark = needs_chromium


@pytest.fixture
def page(live_page: Page) -> Page:
    return live_page


@pytest.fixture
def lacking_gpu(config: Path) -> None:
    """A worker for a device that no machine has, and one that is well."""
    with (config / "hub.yaml").open("a") as settings:
        settings.write(
            "engine: {workers: [{name: gpu, device: 'cuda:999'}, {name: cpu, device: cpu}]}\n"
        )


async def test_an_empty_hub_says_what_to_do_first(page: Page, hub: Hub) -> None:
    await expect(page.get_by_text("Nothing has run yet")).to_be_visible()
    await expect(page.locator("#address")).to_have_text(hub.address)
    await expect(page.get_by_role("heading", name="Photos")).to_be_visible()
    await expect(page.locator("#attention")).to_have_text("Everything is as it should be.")


async def test_a_run_appears_with_its_picture_and_an_error_with_its_sentence(
    page: Page, client: Client
) -> None:
    await client.run(plain_graph())
    await client.run(plain_graph(fake="fail"))
    await expect(page.locator("#attention")).to_contain_text("It was asked to fail.")
    await expect(page.get_by_text("Nothing has run yet")).to_be_hidden()
    picture = page.locator("#latest").get_by_role("img", name="plain_00001_.png")
    await expect(picture).to_have_js_property("naturalWidth", 8)
    await page.get_by_role("link", name="Runs", exact=True).click()
    first, second = (page.locator("#runs > article").filter(has_text=f"#{n}") for n in (1, 2))
    await expect(second).to_contain_text("failed")
    await expect(second).to_contain_text("It was asked to fail.")
    await expect(first.get_by_role("img", name="plain_00001_.png")).to_be_visible()


async def test_a_run_under_way_is_shown_and_can_be_cancelled(page: Page, client: Client) -> None:
    await client.post("/prompt", {"prompt": plain_graph(fake="hang")})
    await expect(page.get_by_role("progressbar", name="Progress of run 1")).to_be_visible()
    await page.get_by_role("button", name="Cancel run 1").click()
    await expect(page.locator("#running")).to_be_hidden()
    await page.get_by_role("link", name="Runs", exact=True).click()
    await expect(page.locator("#runs > article")).to_contain_text("cancelled")


async def test_what_a_run_has_so_far_is_shown(page: Page, client: Client) -> None:
    await client.post("/prompt", {"prompt": plain_graph(fake="show")})
    picture = page.get_by_role("img", name="What run 1 has so far")
    await expect(picture).to_have_js_property("naturalWidth", 8)
    await page.get_by_role("button", name="Cancel run 1").click()
    await expect(picture).to_be_hidden()
    async with client.session.get("/api/hub/runs/1/preview") as late:
        assert (late.status, late.content_type) == (200, "image/png")
    await client.run(plain_graph())
    status, answer = await client.get("/api/hub/runs/2/preview")
    assert status == 404
    assert "has no preview" in answer["error"]["message"]


async def test_a_run_is_shown_node_by_node_and_carried_out_again(
    page: Page, client: Client
) -> None:
    await client.run(plain_graph(fake="fail"))
    await page.goto(f"{client.address}/#/runs/1")
    await expect(page.get_by_role("heading", name="It failed at node 2")).to_be_visible()
    await expect(page.get_by_role("row", name="2 SaveImage")).to_contain_text("failed")
    await page.get_by_role("button", name="Run again").click()
    await expect(page.get_by_role("heading", name="#2", level=1)).to_be_visible()
    await expect(page.get_by_role("heading", name="It failed at node 2")).to_be_visible()


async def test_a_worker_that_cannot_start_is_told_with_its_reason(
    lacking_gpu: None, page: Page
) -> None:
    attention = page.locator("#attention")
    await expect(attention).to_contain_text("Worker gpu cannot start.")
    await expect(attention).to_contain_text("There is no device cuda:999")
    await expect(page.locator("#facts")).to_contain_text("1/2 workers ready")


async def test_a_hostile_file_name_is_shown_as_text(page: Page, config: Path) -> None:
    await asyncio.to_thread((config / "inbox" / HOSTILE).write_bytes, b"\x89PNG\r\n\x1a\n")
    await expect(page.locator("#attention")).to_contain_text(HOSTILE)
    await expect(page.locator("img[src=x]")).to_have_count(0)


async def test_the_page_comes_back_after_the_hub_did(page: Page, hub: Hub, config: Path) -> None:
    await page.wait_for_load_state("networkidle")  # whose answer would be cut off
    port = int(hub.address.rpartition(":")[2])
    await hub.__aexit__(None, None, None)
    await expect(page.locator("#connection")).to_contain_text("does not answer")
    async with (
        Hub(config, port=port, worker_module="hub.testing.worker") as again,
        Client(again.address) as client,
    ):
        await expect(page.locator("#connection")).to_have_text("Live")
        await client.run(plain_graph())
        await expect(page.get_by_role("img", name="plain_00001_.png")).to_be_visible()


async def test_an_automation_is_switched_off_and_all_are_paused(page: Page, hub: Hub) -> None:
    card = page.locator("#automations > li").filter(has_text="Photos")
    switch = card.get_by_role("switch", name="Photos")
    await expect(switch).to_have_attribute("aria-checked", "true")
    await switch.click()
    await expect(switch).to_have_attribute("aria-checked", "false")
    await expect(card).to_contain_text("It was switched off.")
    assert not hub.supervisor.is_on("photos")
    await page.get_by_role("button", name="Pause all").click()
    await page.get_by_role("button", name="Go on").click()
    await expect(page.get_by_role("button", name="Pause all")).to_be_visible()


async def test_a_file_that_cannot_be_followed_is_shown_with_the_reason(
    page: Page, config: Path
) -> None:
    automations = config / "automations.yaml"
    text = await asyncio.to_thread(automations.read_text)
    await asyncio.to_thread(automations.write_text, text + "- [")
    await expect(page.locator("#attention")).to_contain_text("everything goes on as before")
    await expect(page.get_by_role("heading", name="Photos")).to_be_visible()
    await asyncio.to_thread(automations.write_text, text)
    await expect(page.locator("#attention")).to_have_text("Everything is as it should be.")


async def test_an_automation_is_run_by_hand_and_its_trace_is_shown(page: Page) -> None:
    await page.get_by_role("link", name="asked").click()
    await page.get_by_role("button", name="Run now").click()
    await expect(page.get_by_role("heading", name="Trace of asked")).to_be_visible()
    trace, values = page.locator(".trace"), page.locator("#values")
    await trace.get_by_role("button", name="by hand").press("ArrowDown")
    await expect(values).to_contain_text("style")
    await expect(values).to_contain_text("bold")
    await trace.get_by_role("button", name="workflow.run").click()
    await expect(values).to_contain_text("plain")
    await page.get_by_role("link", name="Run 1").click()
    await expect(page.get_by_role("heading", name="#1 plain", level=1)).to_be_visible()


async def test_an_automation_is_run_by_hand_with_what_its_form_asks_for(
    page: Page, client: Client, config: Path
) -> None:
    automations = config / "automations.yaml"
    text = await asyncio.to_thread(automations.read_text)
    await asyncio.to_thread(automations.write_text, text + BY_FORM)
    await client.post("/api/hub/reload")
    await page.goto(f"{client.address}/#/automations/by_form")
    await page.get_by_label("title (needed)").fill("Boats at night")
    await page.get_by_label("style").select_option("ink")
    await page.get_by_role("button", name="Run now").click()
    await expect(page.get_by_role("heading", name="Trace of by_form")).to_be_visible()
    await page.locator(".trace").get_by_role("button", name="variables").click()
    await expect(page.locator("#values")).to_contain_text("Boats at night in ink")


async def test_the_gallery_shows_where_an_output_comes_from(page: Page, client: Client) -> None:
    await page.goto(f"{client.address}/#/gallery")
    await expect(page.get_by_text("Nothing has come out yet")).to_be_visible()
    await client.run(plain_graph())
    await page.get_by_role("button", name="plain_00001_.png").click()
    lightbox = page.get_by_role("dialog")
    await expect(lightbox.get_by_role("img")).to_have_js_property("naturalWidth", 8)
    await lightbox.get_by_role("link", name="Run 1").click()
    await expect(page.get_by_role("heading", name="#1 Posted prompt")).to_be_visible()


async def test_a_workflow_is_run_with_its_form(page: Page, client: Client) -> None:
    await page.goto(f"{client.address}/#/workflows")
    await page.get_by_role("link", name="Plain picture").click()
    await page.get_by_label("prefix").fill("filled")
    await page.get_by_role("spinbutton", name="width").fill("32")
    await page.get_by_role("button", name="Run", exact=True).click()
    await expect(page.get_by_role("heading", name="#1 plain", level=1)).to_be_visible()
    await expect(page.get_by_role("button", name="filled_00001_.png")).to_be_visible()
    await page.get_by_role("link", name="Run with changes").click()
    await expect(page.get_by_label("prefix")).to_have_value("filled")
    _, run = await client.get("/api/hub/runs/1")
    assert run["parameters"] == {"prefix": "filled", "width": 32}


async def test_a_workflow_is_run_with_each_of_several_values(page: Page, client: Client) -> None:
    await page.goto(f"{client.address}/#/workflows/plain")
    await page.get_by_text("Several values at once").click()
    several = page.locator(".matrix")
    await several.get_by_label("prefix").fill("one\ntwo")
    await several.get_by_label("width").fill("8..500")
    await expect(page.get_by_text("These are more than 200 runs.")).to_be_visible()
    await several.get_by_label("width").fill("8, 16")
    await page.get_by_role("button", name="Run 4 times").click()
    await expect(page.locator("#attention")).to_be_visible()
    _, told = await client.get("/api/hub/runs")
    assert [run["parameters"] for run in told["runs"]] == [
        {"prefix": prefix, "width": width} for prefix in ("two", "one") for width in (16, 8)
    ]


async def test_a_workflow_is_taken_in_and_drawn(page: Page, client: Client) -> None:
    await page.goto(f"{client.address}/#/workflows")
    file = {
        "name": "My Own.json",
        "mimeType": "application/json",
        "buffer": json.dumps(plain_graph()).encode(),
    }
    await page.get_by_label("Take in a workflow").set_input_files(file)  # type: ignore[arg-type]
    await expect(page.get_by_role("heading", name="my_own")).to_be_visible()
    await expect(page.locator(".graph .node")).to_have_count(2)


async def test_a_webhook_is_called_and_its_request_repeated(page: Page, client: Client) -> None:
    await client.post("/api/hub/automations/asked/turn_off")
    await page.goto(f"{client.address}/#/webhooks")
    await expect(page.get_by_text("does not listen")).to_be_visible()
    await client.post("/api/hub/automations/asked/turn_on")
    await expect(page.get_by_text("Nobody has called yet.")).to_be_visible()
    await expect(page.get_by_text("does not listen")).to_be_hidden()
    await expect(page.get_by_text(f"curl -X POST {client.address}/api/webhook/")).to_be_visible()
    await client.post(f"/api/webhook/{WEBHOOK}", {"title": "seen"})
    await expect(page.get_by_text("accepted")).to_be_visible()
    await page.get_by_role("button", name="The same again").click()
    await expect(page.get_by_text("accepted")).to_have_count(2)


async def test_it_is_explained_why_a_file_was_left_out(
    page: Page, client: Client, config: Path
) -> None:
    await asyncio.to_thread((config / "inbox" / "notes.txt").write_text, "no picture")
    await page.get_by_role("link", name="Why not?").click()
    await page.get_by_label("Path of the file").fill("inbox/notes.txt")
    await page.get_by_role("button", name="Explain").click()
    await expect(page.locator("#explanations")).to_contain_text("photos")
    await expect(page.locator("#explanations")).to_contain_text("Its suffix '.txt' is not known")


async def test_workers_and_missing_packs_are_shown(page: Page, client: Client) -> None:
    await page.get_by_role("link", name="System", exact=True).click()
    await expect(page.get_by_text("No node packs are installed.")).to_be_visible()
    await expect(page.locator(".state[data-state=ready]")).to_be_visible()


async def test_a_deleted_output_can_be_taken_back(page: Page, client: Client) -> None:
    run = await client.run(plain_graph())
    await page.goto(f"{client.address}/#/gallery")
    tile = page.get_by_role("button", name="plain_00001_.png")
    await tile.click()
    await stop_timers(page)
    await page.get_by_role("button", name="Delete").click()
    await expect(page.get_by_text("plain_00001_.png is deleted.")).to_be_visible()
    await expect(tile).to_have_count(0)
    await page.get_by_role("button", name="Undo").click()
    await expect(tile).to_be_visible()
    assert content_of(run["outputs"][0])


async def test_runs_are_charted_once_there_are_some(page: Page, client: Client) -> None:
    for _ in range(5):
        await client.run(plain_graph())
    await expect(page.get_by_role("img", name="Runs each hour")).to_be_visible()
    await expect(page.locator("run-charts canvas")).to_have_count(2)


async def test_the_page_speaks_german_and_is_dark_if_asked(page: Page) -> None:
    await page.get_by_label("Language").select_option("Deutsch")
    await expect(page.get_by_role("link", name="Übersicht")).to_be_visible()
    await expect(page.get_by_text("Noch ist nichts gelaufen")).to_be_visible()
    await page.get_by_label("Farben").select_option("Dunkel")
    await page.reload()
    await expect(page.get_by_role("link", name="Übersicht")).to_be_visible()
    await expect(page.locator("html")).to_have_css("color-scheme", "dark")
