"""Files within the parameters of a run: in Base64, or at an address, they become inputs."""

import asyncio
import base64
import binascii
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from hub.deliveries.fetching import fetch
from hub.errors import Invalid
from hub.web.admission import admitted, scratch
from hub.web.parts import Parts
from hub.workflows.workflow import Workflow

MOST_FILES = 64  # of one request
_DATA = re.compile(r"data:(?P<kind>[\w.+-]+/[\w.+-]+)?(?:;[\w.=+-]+)*;base64,", re.ASCII)
_ADDRESS = re.compile(r"https?://", re.IGNORECASE)


class NotBase64(Invalid):
    """What should be a file in Base64 is none."""

    def __init__(self, parameter: str) -> None:
        super().__init__(f"Parameter {parameter!r}: the file is not in Base64 (RFC 4648).")


class TooManyFiles(Invalid):
    """A request carries more files than one may."""

    def __init__(self) -> None:
        super().__init__(f"A request may carry at most {MOST_FILES} files.")


class InlineFiles:
    """Takes in the files of one request. `workflow` tells which texts mean files."""

    def __init__(self, parts: Parts, workflow: Workflow) -> None:
        self._parts = parts
        self._workflow = workflow
        self._count = 0

    async def taken_in(self, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """The parameters with names of inputs in place of files. Raises `Invalid`."""
        return {name: await self._value(name, value) for name, value in parameters.items()}

    async def _value(self, name: str, value: Any) -> Any:
        declared = self._workflow.parameters.get(name)
        match value:
            case {"base64": str(text), **rest} if rest.keys() <= {"name"}:
                return await self._decoded(name, text, str(rest.get("name") or name))
            case {"url": str(url), **rest} if not rest:
                return await self._fetched(url)
            case list() if declared and declared.type.is_file:
                return [await self._value(name, item) for item in value]
            case str() if declared and declared.type.is_file:
                return await self._text(name, value)
        return value

    async def _text(self, name: str, text: str) -> str:
        if data := _DATA.match(text):
            suffix = (data["kind"] or "").rpartition("/")[2]
            return await self._decoded(name, text[data.end() :], f"{name}.{suffix}")
        return await self._fetched(text) if _ADDRESS.match(text) else text

    async def _decoded(self, parameter: str, text: str, name: str) -> str:
        self._count_one()
        async with scratch(self._parts, Path(name).suffix) as path:
            try:
                await asyncio.to_thread(_decode, text, path)
            except (binascii.Error, ValueError) as error:
                raise NotBase64(parameter) from error
            return await admitted(self._parts, path, name)

    async def _fetched(self, url: str) -> str:
        self._count_one()
        settings = self._parts.live.current.settings.deliveries
        async with scratch(self._parts, _suffix(url)) as path:
            await fetch(url, path, allow_private=settings.allow_private)
            return await admitted(self._parts, path, url)

    def _count_one(self) -> None:
        self._parts.books.disk_space.check()
        self._count += 1
        if self._count > MOST_FILES:
            raise TooManyFiles


def _decode(text: str, path: Path) -> None:
    plain = "".join(text.split())  # line breaks, as the command base64 makes them
    path.write_bytes(base64.b64decode(plain, validate=True))


def _suffix(url: str) -> str:
    try:
        return Path(urlsplit(url).path).suffix
    except ValueError:  # an address that only looks like one, which fetching will tell
        return ""
