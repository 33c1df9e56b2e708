"""A hub with one automation."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from hub.app import Hub
from hub.clock import Clock
from tests.automations.started import ID, Start

GRAPH = {
    "1": {
        "class_type": "EmptyImage",
        "inputs": {"width": 8, "height": 8, "batch_size": 1, "color": 0, "fake": ""},
    },
    "2": {"class_type": "SaveImage", "inputs": {"images": ["1", 0], "filename_prefix": "c"}},
}
SIDECAR = """
parameters:
  color: {node: '1', input: color, type: integer, min: 0, default: 0}
  fake: {node: '1', input: fake, type: text, default: ''}
"""


@pytest.fixture
def start(tmp_path: Path) -> Start:
    """A hub whose one automation, started by a webhook, has the given actions and options; `more`
    are other automations."""
    (tmp_path / "workflows").mkdir()
    (tmp_path / "workflows/card.json").write_text(json.dumps(GRAPH))
    (tmp_path / "workflows/card.yaml").write_text(SIDECAR)
    (tmp_path / "hub.yaml").write_text("folders: {allow: [out]}\n")

    @asynccontextmanager
    async def started(
        rest: str,
        *,
        trigger: str = "",
        more: str = "",
        is_sound: bool = True,
        safe: bool = False,
        clock: Clock | None = None,
    ) -> AsyncIterator[Hub]:
        options = f", {trigger}" if trigger else ""
        triggers = f"  triggers: [{{trigger: webhook, webhook_id: {ID}{options}}}]"
        (tmp_path / "automations.yaml").write_text(f"- id: cards\n{triggers}\n{rest}{more}")
        hub = Hub(tmp_path, port=0, worker_module="hub.testing.worker", safe=safe, clock=clock)
        async with hub:
            assert (hub.configuration.problems == ()) is is_sound
            yield hub

    return started
