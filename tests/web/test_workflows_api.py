"""Saved workflows and uploads over the hub's own API."""

import hashlib
import io
import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from PIL import Image

from hub.app import Hub
from tests.web.client import Client
from tests.web.configuration import plain_graph


def png() -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(content, "PNG")
    return content.getvalue()


async def test_workflows_are_listed_with_what_they_take(client: Client) -> None:
    _, listed = await client.get("/api/hub/workflows")
    photo, plain = listed["workflows"]
    assert (photo["name"], plain["name"], plain["title"]) == ("photo", "plain", "Plain picture")
    needed = {"type": "image", "required": True, "default": None}
    assert needed.items() <= photo["parameters"]["photo"].items()


async def test_a_workflow_runs_with_its_parameters(client: Client, hub: Hub) -> None:
    body = {"parameters": {"prefix": "mine"}, "priority": 3}
    status, answer = await client.post("/api/hub/workflows/plain/run", body)
    run = await hub.runs.wait(answer["run"]["id"])
    _, told = await client.get(f"/api/hub/runs/{run.id}")
    assert (status, answer["run"]["state"]) == (202, "queued")
    assert (told["priority"], told["parameters"]) == (3, {"prefix": "mine"})
    assert told["outputs"][0]["name"] == "mine_00001_.png"


@pytest.fixture
def exact(config: Path) -> str:
    """One more workflow."""
    (config / "workflows" / "exact.json").write_text(json.dumps(plain_graph()))
    (config / "workflows" / "exact.yaml").write_text("deterministic: true")
    return "exact"


async def test_runs_of_a_deterministic_workflow_say_so(
    exact: str, client: Client, hub: Hub
) -> None:
    for name, told in ((exact, {"deterministic": True}), ("plain", {})):
        _, answer = await client.post(f"/api/hub/workflows/{name}/run", {})
        assert (await hub.runs.wait(answer["run"]["id"])).extra == told


@pytest.fixture
def loading(config: Path) -> str:
    """One more workflow, which takes a model file."""
    models = config / "data" / "models" / "checkpoints"
    models.mkdir(parents=True)
    (models / "mine.safetensors").touch()
    graph = {
        **plain_graph(),
        "3": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "gone.safetensors"}},
    }
    (config / "workflows" / "loading.json").write_text(json.dumps(graph))
    (config / "workflows" / "loading.yaml").write_text(
        "parameters:\n"
        "  model: {node: '3', input: ckpt_name, type: model}\n"
        "  prefix: {node: '2', input: filename_prefix, type: text}\n"
    )
    return "loading"


async def test_a_workflow_tells_which_model_files_may_be_chosen(
    loading: str, client: Client
) -> None:
    _, workflow = await client.get(f"/api/hub/workflows/{loading}")
    assert set(workflow["offered"]) == {"model"}
    assert "mine.safetensors" in workflow["offered"]["model"]
    assert "gone.safetensors" not in workflow["offered"]["model"]


@pytest.fixture
def sized(config: Path) -> str:
    """One more workflow, which takes a resolution and a folder."""
    (config / "workflows" / "sized.json").write_text(json.dumps(plain_graph(fake="")))
    (config / "workflows" / "sized.yaml").write_text(
        "parameters:\n"
        '  size: {node: "1", type: resolution}\n'
        '  source: {node: "2", input: fake, type: folder}\n'
    )
    return "sized"


async def test_a_run_takes_a_resolution_and_a_folder(
    sized: str, client: Client, hub: Hub, config: Path
) -> None:
    _, listed = await client.get("/api/hub/workflows")
    [told] = [each for each in listed["workflows"] if each["name"] == sized]
    assert told["parameters"]["size"]["held"] == "64x64"
    given = {"size": "32x16", "source": "inbox"}
    _, answer = await client.post(f"/api/hub/workflows/{sized}/run", {"parameters": given})
    run = await hub.runs.wait(answer["run"]["id"])
    assert {"width": 32, "height": 16}.items() <= run.graph["1"]["inputs"].items()
    assert run.graph["2"]["inputs"]["fake"] == str((config / "inbox").resolve())


async def test_a_folder_that_may_not_be_used_is_refused_by_name(sized: str, client: Client) -> None:
    wrong = {"..": "lies outside the folders that may be used", "inbox/none": "is no folder"}
    for folder, why in wrong.items():
        body = {"parameters": {"source": folder}}
        status, answer = await client.post(f"/api/hub/workflows/{sized}/run", body)
        assert status == 400
        assert answer["error"]["message"].startswith("Parameter 'source': ")
        assert why in answer["error"]["message"]


async def test_an_uploaded_picture_becomes_an_input(client: Client, hub: Hub) -> None:
    content = png()
    name = quote("päck/../Foto 1.PNG")
    status, answer = await client.post(f"/api/hub/inputs?name={name}", content)
    assert (status, answer["name"]) == (201, f"{hashlib.sha256(content).hexdigest()}.png")
    body = {"parameters": {"photo": answer["name"]}}
    _, accepted = await client.post("/api/hub/workflows/photo/run", body)
    run = await hub.runs.wait(accepted["run"]["id"])
    assert run.state == "succeeded"
    assert not list(hub.configuration.folders.data.glob("upload-*"))


async def test_an_upload_that_cannot_be_opened_is_refused(client: Client, hub: Hub) -> None:
    status, answer = await client.post("/api/hub/inputs?name=half.png", png()[:40])
    assert (status, answer["error"]["type"]) == (400, "UnusableUpload")
    assert "half.png" in answer["error"]["message"]
    assert not list(hub.configuration.folders.data.glob("upload-*"))


async def test_a_request_that_cannot_be_a_run_says_why(client: Client) -> None:
    wrong: dict[str, tuple[Any, int, str]] = {
        "/api/hub/inputs": (png(), 400, "called"),
        "/api/hub/inputs?name=.": (png(), 400, "called"),
        "/api/hub/inputs?name=a/..": (png(), 400, "called"),
        "/api/hub/inputs?name=%20/%20": (png(), 400, "called"),
        "/api/hub/workflows/plian/run": ({}, 404, "plain"),
        "/api/hub/workflows/photo/run": ({}, 400, "photo"),
    }
    for address, (body, status, word) in wrong.items():
        answered, answer = await client.post(address, body)
        assert (address, answered) == (address, status)
        assert word in answer["error"]["message"]
    unreadable: list[Any] = [{"parameters": [1]}, {"priority": "high"}, {"parametres": {}}, b"{"]
    for body in unreadable:
        answered, answer = await client.post("/api/hub/workflows/plain/run", body)
        assert answered == 400
