"""A folder that pictures are dropped into, whole, broken or bit by bit."""

import io
import os
import struct
import zlib
from pathlib import Path

from PIL import Image


class Inbox:
    """A folder for a trigger to watch. Files appear in it at once and whole, as if moved there
    from elsewhere, so that a test need not mind how far a writer has come."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._elsewhere = folder.with_name(f"{folder.name}-elsewhere")
        folder.mkdir(parents=True)
        self._elsewhere.mkdir()

    def put(self, name: str | bytes, content: bytes) -> Path:
        """Make `content` appear under `name`, which may be bytes that are not UTF-8."""
        path = self.folder / os.fsdecode(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        coming = self._elsewhere / "coming"
        coming.write_bytes(content)
        return coming.replace(path)

    def drop(self, name: str | bytes, seed: int = 0) -> Path:
        """A small JPEG; another seed gives other content."""
        return self.put(name, jpeg(seed))


def jpeg(seed: int = 0, size: tuple[int, int] = (32, 24)) -> bytes:
    """A JPEG of one colour."""
    content = io.BytesIO()
    colour = (seed * 7 % 256, seed * 13 % 256, seed * 29 % 256)
    Image.new("RGB", size, colour).save(content, "JPEG", comment=f"picture {seed}".encode())
    return content.getvalue()


def png(size: tuple[int, int] = (32, 24), *, alpha: int = 255) -> bytes:
    """A PNG with an alpha channel, all of one opacity."""
    content = io.BytesIO()
    Image.new("RGBA", size, (200, 40, 40, alpha)).save(content, "PNG")
    return content.getvalue()


def truncated(content: bytes) -> bytes:
    """The first half, as of a copy that was broken off."""
    return content[: len(content) // 2]


def huge_png(width: int, height: int) -> bytes:
    """A few bytes that declare a picture of so many pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    checksum = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum)
