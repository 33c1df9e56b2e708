"""The folders whose files ComfyUI's clients name, and which names these may have."""

import os
from pathlib import Path

from hub.config.folders import Folders
from hub.errors import Invalid
from hub.web.inside import NoFileName


def folder_called(folders: Folders, kind: str) -> Path:
    """`output`, `input` or `temp`. Raises `Invalid`."""
    roots = {"output": folders.output, "input": folders.input, "temp": folders.temp}
    if kind not in roots:
        raise Invalid(f"There is no folder {kind!r}, only {', '.join(roots)}.")
    return roots[kind]


def refuse_odd_names(name: str, subfolder: str) -> None:
    """Raises `NoFileName` for what names no file inside a folder."""
    try:
        os.fsencode(name + subfolder)
    except UnicodeEncodeError as error:
        raise NoFileName(name) from error
    if not name.strip(" .") or name.startswith("/") or ".." in name or "\0" in name + subfolder:
        raise NoFileName(name)
