"""Bodies that are JSON, and yet hold texts that are none."""

from typing import Any

import pytest

from tests.web.client import Client

HALF = "\ud800"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("automation_texts/check", {"name": "automations/x.yaml", "text": HALF}),
        ("outputs/mark", {"outputs": [1], "add": [HALF]}),
        ("rehearse", {"automations": HALF}),
        ("template", {"template": "{{ 1 }}", "event": HALF}),
        ("triggers/preview", {"trigger": {"trigger": "folder", "path": HALF}}),
    ],
)
async def test_half_a_letter_is_refused(client: Client, path: str, body: dict[str, Any]) -> None:
    status, answer = await client.post(f"/api/hub/{path}", body)
    assert status == 400
    assert answer["error"]["message"] == (
        "That is not what this takes: '\\ud800' is half a letter."
    )
