"""What changes when the content of an input file changes.

Contents are hashed rather than sizes and times compared: a copy that keeps its time, or two writes
within one tick of the file system, would otherwise go unseen. Files of the input store are named
by their hash already, so for them the name says it all.
"""

import hashlib
import re

from hub.errors import NotFound
from hub.nodes.api import context

_STORE_NAME = re.compile(r"[0-9a-f]{64}\.[^/. ]+")


def is_store_name(name: str) -> bool:
    """Whether `name` is `<sha256>.<ext>`, the name of a file in the input store."""
    return _STORE_NAME.fullmatch(name) is not None


def file_fingerprint(name: str) -> str:
    """SHA-256 of the named input file; empty for a name of the store or a missing file."""
    if is_store_name(name):
        return ""
    try:
        path = context().input_file(name)
    except NotFound:
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
