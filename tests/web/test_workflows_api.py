"""Saved workflows and uploads over the hub's own API."""

import hashlib
import io
from typing import Any
from urllib.parse import quote

from PIL import Image

from hub.app import Hub
from tests.web.client import Client


def png() -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(content, "PNG")
    return content.getvalue()


async def test_workflows_are_listed_with_what_they_take(client: Client) -> None:
    _, listed = await client.get("/api/hub/workflows")
    photo, plain = listed["workflows"]
    assert (photo["name"], plain["name"], plain["title"]) == ("photo", "plain", "Plain picture")
    assert photo["parameters"]["photo"] == {"type": "image", "required": True, "default": None}


async def test_a_workflow_runs_with_its_parameters(client: Client, hub: Hub) -> None:
    body = {"parameters": {"prefix": "mine"}, "priority": 3}
    status, answer = await client.post("/api/hub/workflows/plain/run", body)
    run = await hub.runs.wait(answer["run"]["id"])
    _, told = await client.get(f"/api/hub/runs/{run.id}")
    assert (status, answer["run"]["state"]) == (202, "queued")
    assert (told["priority"], told["parameters"]) == (3, {"prefix": "mine"})
    assert told["outputs"][0]["name"] == "mine_00001_.png"


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
        "/api/hub/inputs": (png(), 400, "name"),
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
