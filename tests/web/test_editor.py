"""ComfyUI's own editor against the hub, in a real browser."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, Response, expect

from hub.app import Hub
from hub.web import editor
from tests.engine.models.conftest import tiny_file as tiny_file
from tests.engine.test_sampling_in_workers import picture
from tests.web.browser import CHROMIUM, open_page
from tests.web.client import Client

KNOWN = (
    "violates the following Content Security Policy",  # it would ask services elsewhere
    "violates the document's Content Security Policy",
    "comfy.templates.json",  # a file of the user's that need not be there
)
IS_READY = """() => window.app?.extensionManager?.command && window.app.graph?.nodes.length
    && !document.querySelector('#splash-loader')"""
# Only what is in view is drawn, and only what is drawn asks for its picture. The notice of a
# finished job shows one too, but only where a list of jobs told that it was active before.
IS_IN_VIEW = """() => window.app.canvas.visible_nodes.length === window.app.graph.nodes.length"""
IS_DRAWN = """id => window.app.graph.getNodeById(id).imgs?.every(image => image.naturalWidth > 0)"""
# The values and links too: a graph that was there before may have the same nodes.
IS_LOADED = """wanted => window.app.graph.nodes.length === Object.keys(wanted).length
    && Object.entries(wanted).every(([id, node]) => Object.entries(node.inputs).every(
        ([name, value]) => Array.isArray(value)
            ? window.app.graph.getNodeById(+id)?.inputs
                ?.some(input => input.name === name && input.link != null)
            : window.app.graph.getNodeById(+id)?.widgets
                ?.some(widget => widget.name === name && widget.value === value)))"""

needs_editor = pytest.mark.skipif(
    not CHROMIUM.exists() or find_spec(editor.PACKAGE) is None,
    reason="needs chromium and comfyui-frontend-package",
)


@pytest.fixture
async def sampling_hub(config: Path, tiny_file: Path) -> AsyncIterator[Hub]:
    """A hub with a real worker, and a small model."""
    models = config / "data" / "models" / "checkpoints"
    models.mkdir(parents=True)
    (models / "tiny-1.safetensors").symlink_to(tiny_file)
    made = await asyncio.to_thread(Hub, config, port=0)
    async with made as hub:
        yield hub


@pytest.fixture
async def page(sampling_hub: Hub) -> AsyncIterator[Page]:
    """The editor, ready for use. Whatever it complains about, but for what is known, fails the
    test."""
    complaints: list[str] = []
    size = {"width": 1600, "height": 900}
    async with Client(sampling_hub.address) as client, open_page(viewport=size) as page:
        async with client.session.post("/settings", json={"Comfy.TutorialCompleted": True}) as done:
            assert done.status == 200
        page.on(
            "console", lambda said: complaints.append(f"{said.type} {said.text} {said.location}")
        )
        page.on("pageerror", lambda error: complaints.append(f"error {error}"))
        await page.goto(f"{sampling_hub.address}/editor/")
        await page.wait_for_function(IS_READY)
        yield page
    errors = [text for text in complaints if text.startswith("error")]
    assert [text for text in errors if not any(known in text for known in KNOWN)] == []


async def load(page: Page, graph: dict[str, Any], folder: Path) -> None:
    """Open a file with the graph, as its user does."""
    file = folder / "graph.json"
    await asyncio.to_thread(file.write_text, json.dumps(graph))
    async with page.expect_file_chooser() as choosing:
        await command(page, "Comfy.OpenWorkflow")
    await (await choosing.value).set_files(file)
    await page.wait_for_function(IS_LOADED, arg=graph)
    await command(page, "Comfy.Canvas.FitView")
    await page.wait_for_function(IS_IN_VIEW)


async def shown_after_queueing(page: Page) -> Response:
    """The first picture that the editor asks for, once the hub has accepted the graph."""
    async with page.expect_response(lambda answer: "/api/view?" in answer.url) as shown:
        async with page.expect_response(lambda answer: "/api/prompt" in answer.url) as asked:
            await page.get_by_test_id("queue-button").click()
        answer = await asked.value
        assert answer.status == 200, await answer.text()
    return await shown.value


async def command(page: Page, name: str) -> None:
    """Have it carried out, as menus and keys do."""
    await page.evaluate(f"() => void app.extensionManager.command.execute('{name}')")


@needs_editor
async def test_a_graph_is_loaded_followed_with_previews_stopped_carried_out_and_saved(
    page: Page, sampling_hub: Hub, tmp_path: Path
) -> None:
    await load(page, picture(10_000), tmp_path)
    await page.get_by_test_id("queue-button").click()
    await expect(page).to_have_title(re.compile(r"\[\d+%\] KSampler"))
    await page.wait_for_function("() => window.app.nodePreviewImages['4']?.length")
    await expect(page.get_by_test_id("queue-overlay-toggle")).to_contain_text("1 active")
    await page.get_by_role("button", name="Cancel current run").click()
    await expect(page.get_by_test_id("queue-overlay-toggle")).to_contain_text("0 active")
    graph = picture(3)
    await load(page, graph, tmp_path)
    answer = await shown_after_queueing(page)
    assert answer.status == 200
    await page.wait_for_function(IS_DRAWN, arg=6)
    content = await answer.body()
    output = sampling_hub.configuration.folders.output / "x_00001_.png"
    made = await asyncio.to_thread(output.read_bytes)
    assert content == made or content[8:12] == b"WEBP"
    await command(page, "WorkflowHub.SaveWorkflow")
    await page.get_by_role("dialog").get_by_role("textbox").fill("drawn")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Workflow drawn is saved").first).to_be_visible()
    async with Client(sampling_hub.address) as client:
        _, saved = await client.get("/api/hub/workflows/drawn")
    assert saved["graph"].keys() == graph.keys()
    assert saved["graph"]["4"]["inputs"]["steps"] == 3


@needs_editor
async def test_the_editor_may_be_at_the_root(config: Path) -> None:
    with (config / "hub.yaml").open("a") as settings:
        settings.write("server: {start_page: editor}\n")
    made = await asyncio.to_thread(Hub, config, port=0, worker_module="hub.testing.worker")
    async with made as hub, Client(hub.address) as client:
        for path in ("/", "/editor/"):
            async with client.session.get(path) as answer:
                assert "<title>ComfyUI</title>" in await answer.text()
                assert "'sha256-" in answer.headers["Content-Security-Policy"]
        for path in ("/scripts/app.js", "/editor/scripts/app.js", "/user.css"):
            async with client.session.get(path) as answer:
                assert (path, answer.status) == (path, 200)
        for path in ("/nosuch", "/editor/nosuch", "/editor/..%2f__init__.py", "/editor/%00"):
            async with client.session.get(path) as answer:
                assert (path, answer.status) == (path, 404)


async def test_without_the_package_it_is_said_how_to_get_it(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(editor, "_folder", lambda: None)
    status, answer = await client.get("/editor/")
    assert status == 404
    assert "workflow-hub[editor]" in answer["error"]["message"]


async def test_the_protocol_answers_below_the_editor_too(client: Client) -> None:
    for path in ("/editor/api/queue", "/editor/queue", "/editor/api/jobs", "/editor/api/users"):
        assert (await client.get(path))[0] == 200
    async with client.socket("/editor/ws?clientId=me") as socket:
        assert (await socket.until("status"))[0]["data"]["sid"] == "me"
