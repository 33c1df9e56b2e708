"""Whether a picture's file goes on to the mark at its end, where Pillow does not ask for it."""

from mmap import ACCESS_READ, mmap
from typing import BinaryIO

_START_OF_SCAN = 0xDA


def is_cut_off(file: BinaryIO, name: str) -> bool:
    """Whether the JPEG, PNG or GIF lacks its end mark. What follows that mark does not matter,
    except in a GIF, whose mark is a single byte and must be the last one but for padding."""
    with mmap(file.fileno(), 0, access=ACCESS_READ) as content:
        match name:
            case "JPEG":
                return content.find(b"\xff\xd9", _first_scan(content)) < 0
            case "PNG":
                return content.rfind(b"IEND\xaeB`\x82") < 0
            case "GIF":
                return not content[-1024:].rstrip(b"\0\r\n").endswith(b";")
    return False


def _first_scan(content: mmap) -> int:
    """Where a JPEG's own compressed data begins, behind any thumbnail in its EXIF segment. From
    there on 0xFF is followed by 0xD9 only at the end (ITU-T T.81, B.1.1)."""
    position = 2
    while position + 4 <= len(content) and content[position + 1] != _START_OF_SCAN:
        position += 2 + int.from_bytes(content[position + 2 : position + 4])
    return position
