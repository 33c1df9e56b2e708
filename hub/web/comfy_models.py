"""ComfyUI's `/models` and `/embeddings`: which model files there are."""

import asyncio
from pathlib import PurePath

from aiohttp import web

from hub.engine.file_metadata import file_metadata
from hub.errors import NotFound
from hub.web.json_text import answer
from hub.web.parts import parts_of


async def list_kinds(request: web.Request) -> web.Response:
    """GET /models: the kinds of model, each of which is a folder key."""
    return answer(list(parts_of(request).engine.files.kinds))


async def list_models(request: web.Request) -> web.Response:
    """GET /models/{kind}: the files of one kind, sorted."""
    kind = request.match_info["kind"]
    if kind not in parts_of(request).engine.files.kinds:
        raise NotFound(f"There is no kind of model called {kind!r}. /models lists those there are.")
    return answer(await _names(request, kind))


async def list_embeddings(request: web.Request) -> web.Response:
    """GET /embeddings: as prompts name them, without the ending."""
    return answer(
        [str(PurePath(name).with_suffix("")) for name in await _names(request, "embeddings")]
    )


async def view_metadata(request: web.Request) -> web.Response:
    """GET /view_metadata/{kind}?filename=: what a .safetensors file says of itself."""
    kind, name = request.match_info["kind"], request.query.get("filename", "")
    folder = parts_of(request).engine.files.kinds.get(kind)
    path = await asyncio.to_thread(folder.find, name) if folder and name else None
    metadata = await asyncio.to_thread(file_metadata, path) if path else None
    if not metadata:
        raise NotFound(
            f"There is no .safetensors file {name!r} of the kind {kind!r} with metadata."
        )
    return answer(metadata)


async def _names(request: web.Request, kind: str) -> list[str]:
    return await asyncio.to_thread(parts_of(request).engine.files.model_names, kind)
