"""Functions of packs that see a posted prompt, and may change it, before the hub reads it."""

import json
import logging
from collections.abc import Callable
from typing import Any

from aiohttp import web

from hub.engine.worker.node_code import NodeRaised, call

log = logging.getLogger(__name__)


class PromptHooks:
    """Each is handed what the one before it returned."""

    def __init__(self) -> None:
        self._hooks: list[Callable[[Any], Any]] = []

    def __bool__(self) -> bool:
        return bool(self._hooks)

    def add(self, hook: Callable[[Any], Any]) -> None:
        self._hooks.append(hook)

    def changed(self, prompt: Any) -> Any:
        """The request as all hooks leave it. One that raises, or returns no object, is skipped."""
        for hook in self._hooks:
            try:
                answer = call(hook, prompt)
            except NodeRaised as raised:
                log.error("A pack's prompt hook failed, and is skipped", exc_info=raised.error)  # noqa: TRY400
                continue
            if isinstance(answer, dict):
                prompt = answer
            else:
                log.error("A pack's prompt hook returned no prompt, and is skipped: %r", hook)
        return prompt

    async def answer(self, request: web.Request) -> web.Response:
        """What the hub asks when a prompt was posted."""
        prompt = self.changed(json.loads(await request.read()))
        return web.json_response(prompt)
