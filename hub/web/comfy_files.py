"""ComfyUI's `/view` and `/object_info`."""

import asyncio
import re
from pathlib import Path
from typing import Any

from aiohttp import web

from hub.config.folders import Folders
from hub.engine.catalogue import Catalogue
from hub.engine.object_info import object_info
from hub.errors import Invalid, NotFound
from hub.web.errors import Forbidden
from hub.web.files import file_answer
from hub.web.json_text import answer
from hub.web.parts import parts_of

_ANNOTATED = re.compile(r"(?P<name>.*) \[(?P<folder>input|output|temp)\]", re.DOTALL)


async def view(request: web.Request) -> web.StreamResponse:
    """GET /view?filename=&subfolder=&type=: the file as it is, never from outside its folder."""
    query = request.query
    name, folder = query.get("filename"), query.get("type", "output")
    if name is None:
        raise NotFound("Say which file: /view?filename=…")
    if annotated := _ANNOTATED.fullmatch(name):
        name, folder = annotated["name"], annotated["folder"]
    subfolder = query.get("subfolder", "")
    if not name or name.startswith("/") or ".." in name or "\0" in name + subfolder:
        raise Invalid(f"{name!r} is no file name.")
    root = _root(parts_of(request).folders, folder)
    return file_answer(await asyncio.to_thread(_found, root, subfolder, name))


async def get_object_info(request: web.Request) -> web.Response:
    """GET /object_info and /object_info/{class}: what nodes take and give."""
    catalogue = parts_of(request).engine.catalogue
    return answer(await asyncio.to_thread(_infos, catalogue, request.match_info.get("class")))


def _root(folders: Folders, kind: str) -> Path:
    roots = {"output": folders.output, "input": folders.input, "temp": folders.temp}
    if kind not in roots:
        raise Invalid(f"There is no folder {kind!r}, only {', '.join(roots)}.")
    return roots[kind]


def _found(root: Path, subfolder: str, name: str) -> Path:
    """The file itself, links followed. Raises `Forbidden` outside `root`, and `NotFound`."""
    path = (root / subfolder / name).resolve()
    if not path.is_relative_to(root.resolve()):
        raise Forbidden(f"{subfolder}/{name} leads out of the {root.name} folder.")
    if not path.is_file():
        raise NotFound(f"There is no file {name!r} there.")
    return path


def _infos(catalogue: Catalogue, wanted: str | None) -> dict[str, Any]:
    """Of every class, or of one. The files that inputs choose from are listed anew each time."""
    schemas = [schema for schema in catalogue if wanted in (None, schema.class_type)]
    list_folder = catalogue.files.list_folder
    return {schema.class_type: object_info(schema, list_folder) for schema in schemas}
