"""Classes that check inputs by code of their own are asked before a prompt is accepted."""

from typing import Any

import pytest

from tests.web.client import Client
from tests.web.extras_hub import HubWithExtras

pytestmark = pytest.mark.asyncio(loop_scope="package")


@pytest.fixture
def client(hub_with_extras: HubWithExtras) -> Client:
    return hub_with_extras[1]


def picky(*texts: str) -> dict[str, Any]:
    return {
        text: {"class_type": "ExtrasPicky", "inputs": {"text": text, "unseen": 1}} for text in texts
    }


@pytest.mark.parametrize(("text", "details"), [("rude", "text - mind your words"), ("odd", "text")])
async def test_what_a_class_refuses_is_refused_at_once(
    client: Client, text: str, details: str
) -> None:
    status, told = await client.post("/prompt", {"prompt": picky(text)})
    assert (status, told["error"]["type"]) == (400, "prompt_outputs_failed_validation")
    assert told["node_errors"][text]["errors"] == [
        {
            "type": "custom_validation_failed",
            "message": "Custom validation failed for node",
            "details": details,
            "extra_info": {"input_name": "text"},
        }
    ]


async def test_what_else_can_be_made_is_made(client: Client) -> None:
    run = await client.run(picky("rude", "polite"))
    assert (run["state"], [node["node"] for node in run["nodes"]]) == ("succeeded", ["polite"])


@pytest.mark.parametrize("text", ["raise", "rude"])
async def test_what_could_not_be_told_then_is_told_by_the_run(
    client: Client, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if text == "rude":
        monkeypatch.setattr("hub.engine.asking.SECONDS", 0)  # nobody answers in time
    words = {"raise": "it was asked to", "rude": "refuses its inputs: mind your words"}
    assert words[text] in (await client.run(picky(text)))["error"]["message"]
