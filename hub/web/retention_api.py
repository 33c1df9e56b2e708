"""The hub's own API: how long things are kept, for an editor."""

import asyncio
from datetime import timedelta
from typing import Any

import msgspec
from aiohttp import web

from hub.config.quantities import duration_text
from hub.config.retention_settings import RetentionSettings
from hub.config.retention_text import write_retention
from hub.config.settings import FILE
from hub.config.text_files import read_text
from hub.web.json_body import asked_for
from hub.web.json_text import answer
from hub.web.parts import parts_of


class EditedRetention(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """hub.yaml with another retention; `version` is that of the text before."""

    text: str
    version: str | None = None


async def show_retention(request: web.Request) -> web.Response:
    """GET /api/hub/retention: hub.yaml as it is written, and what holds where it says nothing."""
    file = await asyncio.to_thread(read_text, parts_of(request).folders.config, FILE)
    return answer({"text": file.text, "version": file.version, "usual": _told(RetentionSettings())})


async def change_retention(request: web.Request) -> web.Response:
    """PUT /api/hub/retention: write hub.yaml, of which nothing else may have changed."""
    parts, edited = parts_of(request), await asked_for(request, EditedRetention)
    config = parts.folders.config
    saved = await asyncio.to_thread(write_retention, config, edited.text, version=edited.version)
    refused = await parts.live.follow(parts.supervisor)
    return answer({"version": saved.version, "refused": refused})


def _told(limits: msgspec.Struct) -> dict[str, Any]:
    """Each limit as it would be written; none as nothing."""
    return {name: _text(getattr(limits, name)) for name in limits.__struct_fields__}


def _text(limit: Any) -> Any:
    match limit:
        case msgspec.Struct():
            return _told(limit)
        case timedelta():
            return duration_text(limit)
    return "" if limit is None else str(limit)
