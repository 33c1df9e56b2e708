"""Files that are in the input store already, since a trigger brought them."""

from collections.abc import Mapping
from typing import Any

from hub.records.event import Event


def admitted_files(event: Event, variables: Mapping[str, Any]) -> dict[str, str]:
    """Their names in the store, by the paths that templates see: those of the event, and of the one
    that a step waited for last."""
    wait = variables.get("wait")
    awaited = wait.get("trigger") if isinstance(wait, dict) else None
    return {**_of(awaited or {}), **_of(event.variables)}


def _of(trigger: Mapping[str, Any]) -> dict[str, str]:
    files = trigger.get("files") or []
    found = [trigger, *(files.values() if isinstance(files, dict) else files)]
    return {file["path"]: file["input"] for file in found if file.get("input")}
