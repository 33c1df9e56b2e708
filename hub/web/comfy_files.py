"""ComfyUI's `/view` and `/object_info`."""

import asyncio
import re
from pathlib import PurePath
from typing import Any

from aiohttp import web

from hub.engine.catalogue import Catalogue
from hub.engine.object_info import object_info
from hub.errors import NotFound
from hub.probe.messages import Channel, Format
from hub.web.comfy_folders import folder_called, refuse_odd_names
from hub.web.files import disposition, file_answer
from hub.web.inside import file_inside
from hub.web.json_text import answer
from hub.web.parts import parts_of

_ANNOTATED = re.compile(r"(?P<name>.*) \[(?P<folder>input|output|temp)\]", re.DOTALL)
_SMALL_NUMBER = re.compile("[0-9]{1,3}")


async def view(request: web.Request) -> web.StreamResponse:
    """GET /view?filename=&subfolder=&type=: the file as it is, never from outside its folder.

    With `preview=FORMAT;QUALITY` a picture encoded anew, and with `channel=` a part of it.
    """
    query, parts = request.query, parts_of(request)
    name, folder = query.get("filename"), query.get("type", "output")
    if name is None:
        raise NotFound("Say which file: /view?filename=…")
    if annotated := _ANNOTATED.fullmatch(name):
        name, folder = annotated["name"], annotated["folder"]
    subfolder = query.get("subfolder", "")
    refuse_odd_names(name, subfolder)
    root = folder_called(parts.folders, folder)
    path = await asyncio.to_thread(file_inside, root, str(PurePath(subfolder, name)))
    wanted = _conversion(query.get("preview"), query.get("channel", ""))
    if wanted is None:
        return file_answer(path)
    how, quality, channel = wanted
    picture = await parts.probe.converted(path, how, quality, channel)
    headers = {"Content-Disposition": disposition(name)}
    return web.Response(body=picture, content_type=f"image/{how.value}", headers=headers)


def _conversion(preview: str | None, channel: str) -> tuple[Format, int, Channel] | None:
    """How the picture shall be encoded anew, if it shall. What is no format is taken for WebP, and
    a preview with transparency is one, both as ComfyUI has it."""
    if preview is not None:
        name, _, quality = preview.partition(";")
        how = Format.JPEG if name == "jpeg" and "a" not in channel else Format.WEBP
        parts = Channel.COLOURS if channel == "rgb" else Channel.ALL
        return how, min(int(quality), 100) if _SMALL_NUMBER.fullmatch(quality) else 90, parts
    if channel in (Channel.COLOURS, Channel.TRANSPARENCY):
        return Format.PNG, 0, Channel(channel)
    return None


async def get_object_info(request: web.Request) -> web.Response:
    """GET /object_info and /object_info/{class}: what nodes take and give."""
    catalogue = parts_of(request).engine.catalogue
    return answer(await asyncio.to_thread(_infos, catalogue, request.match_info.get("class")))


def _infos(catalogue: Catalogue, wanted: str | None) -> dict[str, Any]:
    """Of every class, or of one. The files that inputs choose from are listed anew each time."""
    schemas = [schema for schema in catalogue if wanted in (None, schema.class_type)]
    list_folder = catalogue.files.list_folder
    return {schema.class_type: object_info(schema, list_folder) for schema in schemas}
