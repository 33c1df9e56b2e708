"""What files of video and sound say about themselves, the workflow that made them included."""

import json
from collections.abc import Mapping
from typing import Any

# What a muxer writes itself, and what would be wrong in another file.
_OF_THE_FILE = {"major_brand", "minor_version", "compatible_brands", "encoder"}


def workflow_tags(prompt: Any, extra_pnginfo: Mapping[str, Any] | None) -> dict[str, Any]:
    """What editors read a workflow back from: `prompt`, and each extra by its key."""
    known = {} if prompt is None else {"prompt": prompt}
    return {**known, **(extra_pnginfo or {})}


def as_text(tags: Mapping[str, Any] | None) -> dict[str, str]:
    """Tags as containers hold them: text as it is, all else as ASCII JSON."""
    return {
        key: value if isinstance(value, str) else json.dumps(value)
        for key, value in (tags or {}).items()
    }


def kept_tags(tags: Mapping[str, str]) -> dict[str, str]:
    """Those of a file that are also true for another one with the same content."""
    return {key: value for key, value in tags.items() if key.lower() not in _OF_THE_FILE}
