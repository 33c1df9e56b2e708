"""Files that come with requests, by themselves or in forms."""

import hashlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from hub.config.folders import Folders
from hub.errors import Unavailable
from hub.probe.pool import ProbePool
from hub.storage.input_store import InputStore
from hub.testing.inbox import jpeg
from hub.triggers.webhook_signing import PlainScheme
from tests.triggers.webhook_address import Address

FORM = {"content-type": "multipart/form-data; boundary=xyz"}
PICTURE = jpeg(3)


pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module")
async def address(tmp_path: Path, probe: ProbePool) -> AsyncIterator[Address]:
    """A webhook with a place for files."""
    address = Address()
    address.context.folders = Folders(config=tmp_path, data=tmp_path / "data")
    address.context.folders.make()
    address.context.probe = probe
    address.context.inputs = InputStore(tmp_path / "store")
    yield address
    assert list(address.context.folders.staging.iterdir()) == []
    await address.close()


def part(name: str, content: bytes, filename: str | None = None, kind: str = "") -> bytes:
    named = f'; filename="{filename}"' if filename is not None else ""
    head = f'Content-Disposition: form-data; name="{name}"{named}\r\n'
    head += f"Content-Type: {kind}\r\n" if kind else ""
    return head.encode() + b"\r\n" + content


def form(*parts: bytes) -> bytes:
    return b"".join(b"--xyz\r\n" + each + b"\r\n" for each in parts) + b"--xyz--\r\n"


async def test_a_body_that_is_a_picture_is_kept_as_a_file(address: Address) -> None:
    await address.open()
    reply = await address.call(PICTURE, headers={"content-type": "image/jpeg"})
    assert reply.status == 202
    kept = address.variables()["files"]["body"]
    assert Path(kept["path"]).read_bytes() == PICTURE
    assert kept["input"] == f"{hashlib.sha256(PICTURE).hexdigest()}.jpeg"
    assert (kept["size"], kept["content_type"]) == (len(PICTURE), "image/jpeg")
    assert kept["sha256"] == hashlib.sha256(PICTURE).hexdigest()


async def test_a_form_gives_its_fields_and_its_files(address: Address) -> None:
    await address.open()
    body = form(
        part("prompt", "ein Bär".encode()),
        part("photo", PICTURE, "C:\\pictures\\Bär.jpg", "image/jpeg"),
        part("photo", b"any\r\n--bytes", "notes.xyz"),
        part("empty", b""),
    )
    assert (await address.call(body, headers=FORM)).status == 202
    variables = address.variables()
    assert variables["data"] == {"prompt": "ein Bär", "empty": ""}
    photo, notes = variables["files"]["photo"], variables["files"]["photo_2"]
    assert (photo["filename"], photo["content_type"]) == ("Bär.jpg", "image/jpeg")
    assert Path(photo["path"]).read_bytes() == PICTURE
    assert Path(notes["path"]).read_bytes() == b"any\r\n--bytes"
    assert notes["path"].endswith(".xyz")


async def test_a_large_form_comes_in_pieces(address: Address) -> None:
    await address.open(max_body=10 << 20)
    content = bytes(range(256)) * 20_000
    body = form(part("photo", content, "noise.bin"))
    pieces = [body[start : start + 65_536] for start in range(0, len(body), 65_536)]
    assert (await address.call(headers=FORM, pieces=pieces)).status == 202
    kept = address.variables()["files"]["photo"]
    assert kept["sha256"] == hashlib.sha256(content).hexdigest()


async def test_a_file_over_the_limit_is_refused_before_it_is_all_there(address: Address) -> None:
    await address.open(max_body=100)
    coming = iter([b"x" * 60, b"x" * 60, b"never read"])
    reply = await address.call(headers={"content-type": "image/png"}, pieces=list(coming))
    assert reply.status == 413


async def test_a_signature_covers_a_file_that_comes_in_pieces(address: Address) -> None:
    scheme = PlainScheme(header="X-Sign")
    auth = {"type": "hmac", "secret": ["s"], "header": "X-Sign"}
    await address.open(token=None, auth=auth)
    right = scheme.sign("s", PICTURE, at=0, delivery="")["X-Sign"]
    pieces = [PICTURE[:100], PICTURE[100:]]
    for signature, status in ((right, 202), (right[::-1], 404)):
        headers = {"content-type": "image/jpeg", "x-sign": signature}
        reply = await address.call(token=None, headers=headers, pieces=pieces)
        assert reply.status == status
    assert len(address.context.observations) == 1


async def test_a_file_for_which_there_is_no_room_may_be_sent_again(address: Address) -> None:
    await address.open()
    address.context.failure = Unavailable("The disk is nearly full.")
    reply = await address.call(PICTURE, headers={"content-type": "image/jpeg"})
    assert reply.status == 503


@pytest.mark.parametrize(
    ("body", "headers", "sentence"),
    [
        (b"", FORM, "is empty"),
        (b"--abc\r\n", FORM, "boundary is not in the body"),
        (form(part("a", b"1"))[:-10], FORM, "breaks off"),
        (b"--xyz\r\nnonsense\r\n--xyz--\r\n", FORM, "no readable head"),
        (b"--xyz\r\nX: y\r\n\r\nvalue\r\n--xyz--\r\n", FORM, "has no name"),
        (form(part("a", b"\xff")), FORM, "not UTF-8"),
        (form(part("a", b"1")), {"content-type": "multipart/form-data"}, "names no boundary"),
    ],
)
async def test_a_form_that_cannot_be_read_is_refused(
    address: Address, body: bytes, headers: dict[str, Any], sentence: str
) -> None:
    await address.open()
    reply = await address.call(body, headers=headers)
    assert reply.status == 400
    assert sentence in reply.body["error"]["message"]
    assert address.context.observations == []
