"""ComfyUI's `/experiment/models`: model files with their places, for the editor's library."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from aiohttp import web

from hub.config.model_folders import PACKS, ModelFolder
from hub.errors import NotFound
from hub.probe.messages import Channel, Format
from hub.web.inside import file_inside, place_inside
from hub.web.json_text import answer
from hub.web.parts import parts_of

_LEFT_OUT = {"configs", PACKS}
_PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".gif")


async def list_folders(request: web.Request) -> web.Response:
    """GET /experiment/models: the kinds of model with their folders."""
    kinds = parts_of(request).engine.files.kinds
    return answer(
        [
            {"name": kind, "folders": list(folder.folders)}
            for kind, folder in kinds.items()
            if kind not in _LEFT_OUT
        ]
    )


async def list_files(request: web.Request) -> web.Response:
    """GET /experiment/models/{kind}: the files of one kind, with sizes and times."""
    files, kind = parts_of(request).engine.files, request.match_info["kind"]
    if kind not in files.kinds:
        raise NotFound(f"There is no kind of model called {kind!r}.")
    names = await asyncio.to_thread(files.model_names, kind)
    return answer(await asyncio.to_thread(lambda: list(_listed(files.kinds[kind], names))))


async def send_preview(request: web.Request) -> web.Response:
    """GET /experiment/models/preview/{kind}/{index}/{file}: the picture that lies beside a file, as
    a WebP: `name.png` or `name.preview.png` for `name.safetensors`."""
    parts, names = parts_of(request), request.match_info
    kind = parts.engine.files.kinds.get(names["kind"])
    picture = None
    if kind is not None:
        index = int(names["index"])
        picture = await asyncio.to_thread(_beside, kind, index, names["file"])
    if picture is None:
        raise NotFound(f"There is no picture of {names['file']!r}.")
    content = await parts.probe.converted(picture, Format.WEBP, 90, Channel.ALL)
    return web.Response(body=content, content_type="image/webp")


def _listed(kind: ModelFolder, names: list[str]) -> Iterator[dict[str, Any]]:
    for name in names:
        path = kind.find(name)
        if path is None:
            continue
        status = path.stat()
        yield {
            "name": name,
            "pathIndex": _index(kind, path),
            "modified": status.st_mtime,
            "created": status.st_ctime,
            "size": status.st_size,
        }


def _index(kind: ModelFolder, path: Path) -> int:
    """Which of its kind's folders the file is in."""
    return next(i for i, folder in enumerate(kind.folders) if path.is_relative_to(folder))


def _beside(kind: ModelFolder, index: int, name: str) -> Path | None:
    """Raises `Forbidden` for a name that leads out of the folder."""
    if index >= len(kind.folders):
        return None
    root = Path(kind.folders[index])
    path = place_inside(root, name)
    for middle in ("", ".preview"):
        for ending in _PICTURES:
            picture = path.with_name(f"{path.stem}{middle}{ending}")
            with suppress(NotFound):
                return file_inside(root, picture.relative_to(root.resolve()).as_posix())
    return None
