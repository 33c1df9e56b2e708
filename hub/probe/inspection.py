"""Opening one file: what it is, whether it is whole, and the hash of its bytes."""

import hashlib
import os
import stat
from dataclasses import replace
from io import BufferedReader

from hub.probe.pictures import inspect_picture
from hub.probe.recordings import inspect_recording
from hub.probe.unopenable import Unopenable
from hub.records.media import Inspection, Media

# What the first bytes of common formats look like, to tell a damaged picture from something else.
_SIGNATURES = {
    (0, b"\xff\xd8\xff"): "JPEG",
    (0, b"\x89PNG"): "PNG",
    (0, b"GIF8"): "GIF",
    (8, b"WEBP"): "WebP",
    (0, b"II*\0"): "TIFF",
    (0, b"MM\0*"): "TIFF",
    (0, b"BM"): "BMP",
    (4, b"ftypavi"): "AVIF",
    (4, b"ftyp"): "MP4",
    (0, b"\x1aE\xdf\xa3"): "Matroska",
}


def inspect(path: bytes) -> Inspection:
    """Hash the file and decode it to its end; what is wrong with it is part of the answer."""
    try:
        file = open_regular(path)
    except Unopenable as error:
        return Inspection(sha256=None, size=0, problem=str(error))
    with file:
        before = os.fstat(file.fileno())
        try:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            return Inspection(sha256=None, size=before.st_size, problem=_cannot_be_read(error))
        found = Inspection(
            sha256=sha256, size=file.tell(), mtime_ns=before.st_mtime_ns, inode=before.st_ino
        )
        try:
            media = _decode(file, found.size)
            _refuse_changed(file, before)
        except Unopenable as error:
            return replace(found, problem=str(error))
    return replace(found, media=media)


def open_regular(path: bytes) -> BufferedReader:
    """Open for reading, without waiting for the other end of a pipe.

    Raises `Unopenable` if there is no such file, it may not be read, or it is no regular file.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except FileNotFoundError:
        raise Unopenable("was gone before it could be read") from None
    except OSError as error:
        raise Unopenable(_cannot_be_read(error)) from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise Unopenable("is not a regular file")
    return os.fdopen(descriptor, "rb")


def _cannot_be_read(error: OSError) -> str:
    return f"cannot be read: {(error.strerror or 'unknown reason').lower()}"


def _decode(file: BufferedReader, size: int) -> Media:
    if size == 0:
        raise Unopenable("is empty")
    media = inspect_picture(file) or inspect_recording(file)
    if media is not None:
        return media
    file.seek(0)
    beginning = file.read(16)
    for (offset, signature), name in _SIGNATURES.items():
        if beginning[offset:].startswith(signature):
            raise Unopenable(f"{name} is damaged or not complete")
    raise Unopenable("is not a picture, video or sound that can be opened")


def _refuse_changed(file: BufferedReader, before: os.stat_result) -> None:
    after = os.fstat(file.fileno())
    if (after.st_size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
        raise Unopenable("changed while it was being read")
