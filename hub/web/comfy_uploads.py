"""ComfyUI's `/upload`: files that graphs can name as inputs."""

import asyncio
import errno
import hashlib
import io
import json
import os
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import IO

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from hub.config.folders import Folders
from hub.errors import HubError, Invalid
from hub.web.comfy_folders import folder_called, refuse_odd_names
from hub.web.errors import Forbidden
from hub.web.inside import file_inside, place_inside
from hub.web.json_text import answer
from hub.web.parts import Parts, parts_of
from hub.web.uploads import PIECE, UploadNotKept

_MOST_NAMES_TRIED = 10_000


class NoUpload(Invalid):
    """The request holds no file, or not one that can be kept under its name."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Upload:
    """A file that was sent, and where it shall go: `subfolder` of the folder `kind`."""

    file: IO[bytes]
    name: str
    kind: str
    subfolder: str
    overwrite: bool
    original: str


async def upload_image(request: web.Request) -> web.Response:
    """POST /upload/image: keep the file `image` under its name, or one like it."""
    upload = await _received(request)
    return await _keep(parts_of(request), upload, upload.file)


async def upload_mask(request: web.Request) -> web.Response:
    """POST /upload/mask: keep the picture `original_ref` with the transparency of `image`."""
    parts, upload = parts_of(request), await _received(request)
    original = await asyncio.to_thread(_original, parts.folders, upload.original)
    mask = parts.folders.data / f"upload-{secrets.token_hex(8)}"
    try:
        await asyncio.to_thread(_write, upload.file, mask)
        picture = await parts.probe.with_alpha_of(original, mask)
    finally:
        await asyncio.to_thread(mask.unlink, missing_ok=True)
    return await _keep(parts, upload, io.BytesIO(picture))


async def _received(request: web.Request) -> Upload:
    """Raises `NoUpload`."""
    parts_of(request).books.disk_space.check()
    try:
        form = await request.post()
    except (ValueError, LookupError, HttpProcessingError) as error:
        raise NoUpload(f"The request is no form with files: {error}.") from error
    image = form.get("image")
    if not isinstance(image, web.FileField) or not image.filename:
        raise NoUpload("Send the file, with its name, as `image` of a multipart form.")
    texts = {name: value for name, value in form.items() if isinstance(value, str)}
    refuse_odd_names(image.filename, texts.get("subfolder", ""))
    if "/" in image.filename or "\\" in image.filename:
        raise NoUpload("The file's name may not have slashes; say `subfolder` besides.")
    return Upload(
        file=image.file,
        name=image.filename,
        kind=texts.get("type", "input"),
        subfolder=texts.get("subfolder", ""),
        overwrite=texts.get("overwrite", "").lower() in ("true", "1"),
        original=texts.get("original_ref", ""),
    )


async def _keep(parts: Parts, upload: Upload, content: IO[bytes]) -> web.Response:
    name = await asyncio.to_thread(_placed, parts.folders, upload, content)
    return answer({"name": name, "subfolder": upload.subfolder, "type": upload.kind})


def _original(folders: Folders, reference: str) -> Path:
    """The file that a mask belongs to. Raises `NoUpload`, `NotFound`, `Forbidden`."""
    try:
        told = json.loads(reference)
        name, subfolder = told["filename"], told.get("subfolder") or ""
        root = folder_called(folders, told.get("type") or "output")
        refuse_odd_names(name, subfolder)
    except (ValueError, TypeError, LookupError, AttributeError) as error:
        raise NoUpload(
            'Say which picture the mask is for: original_ref={"filename": "…", "type": "input"}.'
        ) from error
    return file_inside(root, str(PurePath(subfolder, name)))


def _placed(folders: Folders, upload: Upload, content: IO[bytes]) -> str:
    """Put the file into its folder; gives the name it has there.

    Files that runs produced are recorded with their content, so nothing in the output folder is
    ever overwritten.
    """
    root = folder_called(folders, upload.kind)
    try:
        place = place_inside(root, upload.subfolder)
        place.mkdir(parents=True, exist_ok=True)
        staged = place / f".upload-{secrets.token_hex(8)}"
        try:
            sha256 = _write(content, staged)
            if upload.overwrite and upload.kind != "output":
                staged.replace(place / upload.name)
                return upload.name
            return next(
                name for name in _names(upload.name) if _linked(staged, place / name, sha256)
            )
        finally:
            staged.unlink(missing_ok=True)
    except Forbidden as error:
        raise NoUpload(str(error)) from error
    except OSError as error:
        raise _problem(upload, error) from error
    except StopIteration:
        raise NoUpload(f"Too many files are called like {upload.name!r}.") from None


def _linked(staged: Path, path: Path, sha256: str) -> bool:
    """Whether the content is at `path` now; not if another one is there."""
    try:
        path.hardlink_to(staged)
    except FileExistsError:
        if not path.is_file() or path.stat().st_size != staged.stat().st_size:
            return False
        return _sha256(path) == sha256
    return True


def _names(wanted: str) -> Iterator[str]:
    """The wanted name, and those that ComfyUI gives where it is taken."""
    yield wanted
    path = PurePath(wanted)
    for number in range(1, _MOST_NAMES_TRIED):
        yield f"{path.stem} ({number}){path.suffix}"


def _write(content: IO[bytes], path: Path) -> str:
    """Gives the hash of it."""
    with path.open("xb") as file:
        shutil.copyfileobj(content, file, PIECE)
        os.fsync(file.fileno())
    return _sha256(path)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _problem(upload: Upload, error: OSError) -> HubError:
    if error.errno in (errno.ENAMETOOLONG, errno.EISDIR, errno.ENOTDIR, errno.EEXIST, errno.EINVAL):
        return NoUpload(f"{upload.name[:100]!r} cannot be kept there: {error.strerror}.")
    return UploadNotKept(error)
