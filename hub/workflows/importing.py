"""Taking in a workflow: whatever JSON a workflow comes as, and saving it under a name."""

import json
import os
import re
from pathlib import Path
from typing import Any

from hub.errors import Conflict, Invalid
from hub.workflows.graph_file import checked_graph
from hub.workflows.ui_graph import api_graph, is_ui_graph
from hub.workflows.ui_widgets import Describe

FOLDER = "workflows"
_NAME = re.compile(r"[^\W_][\w .()-]{0,99}")


class NoWorkflowInIt(Invalid):
    """There is no workflow in what was given."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"There is no workflow in it: {reason}.")


class WorkflowExists(Conflict):
    """A workflow of that name is there already."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"There is a workflow {name!r} already. Give this one another name, or say that it is"
            " to be replaced."
        )


def graph_of(text: str, describe: Describe) -> dict[str, Any]:
    """The graph in API format that a JSON text holds, as such, in a request, or in the editor's
    own format. Raises `NoWorkflowInIt`."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NoWorkflowInIt(f"this is not JSON ({error})") from error
    if isinstance(document, dict) and isinstance(document.get("prompt"), dict):
        document = document["prompt"]
    if is_ui_graph(document):
        try:
            document = api_graph(document, describe)
        except (KeyError, TypeError, IndexError, AttributeError) as error:
            raise NoWorkflowInIt(f"the editor's format is damaged ({error!r})") from error
    graph, problem = checked_graph(document)
    if graph is None:
        raise NoWorkflowInIt(problem)
    return graph


def save_workflow(config: Path, name: str, graph: dict[str, Any], *, replace: bool) -> Path:
    """Write `workflows/<name>.json`, whole or not at all. Raises `WorkflowExists`, `Invalid`."""
    if not _NAME.fullmatch(name) or name != name.strip(" ."):
        raise Invalid(f"{name!r} is no name for a workflow: use letters, digits, spaces, - and _.")
    file = config / FOLDER / f"{name}.json"
    file.parent.mkdir(exist_ok=True)
    unfinished = file.with_name(f".{name}.{os.getpid()}.part")
    unfinished.write_text(json.dumps(graph, indent=2, ensure_ascii=False) + "\n", "utf-8")
    try:
        if replace:
            unfinished.replace(file)
        else:
            os.link(unfinished, file)  # fails if it exists, unlike a rename
    except FileExistsError:
        raise WorkflowExists(name) from None
    finally:
        unfinished.unlink(missing_ok=True)
    return file
