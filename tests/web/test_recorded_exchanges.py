"""Requests that were once sent to ComfyUI 0.8.0, sent to a hub: it answers the same."""

import json
import re
from typing import Any

import pytest

from hub.app import Hub
from tests.web.client import Client
from tests.web.recorded import FOLDER, recorded_answer

PROMPTS: dict[str, Any] = json.loads((FOLDER / "validation_errors.json").read_text())


@pytest.fixture
def checkpoint(hub: Hub) -> None:
    """The file that the recorded prompts name."""
    folder = hub.configuration.folders.models / "checkpoints"
    folder.mkdir(parents=True)
    (folder / "small.safetensors").touch()


def comparable(answer: dict[str, Any]) -> dict[str, Any]:
    """Without what is of this server alone: ids, files, and what its classes tell of inputs."""
    told: dict[str, Any] = {
        "fields": sorted(answer),
        "error": answer.get("error"),
        "nodes": {
            node: (errors["class_type"], errors["dependent_outputs"], faults(errors["errors"]))
            for node, errors in answer["node_errors"].items()
        },
    }
    return told


def faults(errors: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """In a fixed order; ComfyUI's is that of a set."""
    return sorted(
        (
            error["type"],
            error["message"],
            re.sub(r"not in \[.*\]", "not in its files", error["details"]),
            sorted(error["extra_info"]),
        )
        for error in errors
    )


@pytest.mark.usefixtures("checkpoint")
async def test_posted_prompts_are_accepted_and_refused_alike(client: Client) -> None:
    for name, exchange in PROMPTS.items():
        if not exchange["request"].startswith("POST /prompt"):
            continue
        status, answer = await client.post("/prompt", exchange["sent"])
        if exchange["status"] == 500:  # what it stumbles over is refused here
            assert (name, status) == (name, 400)
        else:
            assert (name, status) == (name, exchange["status"])
            assert (name, comparable(answer)) == (name, comparable(exchange["body"]))


async def test_an_idle_hub_tells_the_same(client: Client) -> None:
    assert (await client.get("/prompt"))[1] == recorded_answer("prompt_get")
