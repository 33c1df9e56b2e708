"""The hub's own API: the files of automations, for an editor."""

import asyncio
import dataclasses

import msgspec
from aiohttp import web

from hub.automations.automation_texts import path_of, read_texts
from hub.automations.forms import forms
from hub.automations.loading import problems_of_edited
from hub.config.text_files import write_text
from hub.web.json_body import asked_for
from hub.web.json_text import answer
from hub.web.parts import parts_of


class Edited(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file as it was edited; `version` is that of the text before, None of a new file."""

    name: str
    text: str
    version: str | None = None


async def list_texts(request: web.Request) -> web.Response:
    """GET /api/hub/automation_texts: every file of automations, as it is written."""
    config = parts_of(request).folders.config
    return answer({"files": await asyncio.to_thread(read_texts, config)})


async def check_text(request: web.Request) -> web.Response:
    """POST /api/hub/automation_texts/check: all mistakes there would be, if it were saved."""
    parts, edited = parts_of(request), await asked_for(request, Edited)
    file = path_of(parts.folders.config, edited.name)
    found = await asyncio.to_thread(
        problems_of_edited, parts.folders.config, file, edited.text, parts.live.current
    )
    return answer({"problems": [dataclasses.asdict(problem) for problem in found]})


async def save_text(request: web.Request) -> web.Response:
    """PUT /api/hub/automation_texts: write it as it is; the hub goes on with what it says."""
    parts, edited = parts_of(request), await asked_for(request, Edited)
    config = parts.folders.config
    path_of(config, edited.name)
    saved = await asyncio.to_thread(
        write_text, config, edited.name, edited.text, version=edited.version
    )
    refused = await parts.live.follow(parts.supervisor)
    return answer({"version": saved.version, "refused": refused})


async def show_forms(request: web.Request) -> web.Response:
    """GET /api/hub/automation_forms: everything that can be set of automations."""
    workflows = [workflow.name for workflow in parts_of(request).live.current.workflows]
    return answer(await asyncio.to_thread(forms, workflows))
