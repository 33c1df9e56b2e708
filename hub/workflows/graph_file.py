"""Reading a workflow's JSON file, with a sentence for whatever else may be in it."""

import json
from pathlib import Path
from typing import Any

from hub.config.parsing import place_of_byte
from hub.config.problems import Place, Problems

LARGEST = 64 * 2**20
"""In bytes; a thousand nodes take one."""


def read_graph(path: Path, name: str, problems: Problems) -> dict[str, Any] | None:
    """The graph in a file; None if it has none, and then `problems` says why under `name`."""
    try:
        size = path.stat().st_size
        if not path.is_file():
            problems.add(Place(name), "this is no file")
        elif size > LARGEST:
            message = f"this is no workflow: it has {size >> 20} MiB, the most is {LARGEST >> 20}"
            problems.add(Place(name), message)
        else:
            graph, problem = checked_graph(_parsed(path.read_text("utf-8-sig")))
            if problem:
                problems.add(Place(name), problem)
            return graph
    except json.JSONDecodeError as error:
        place = Place(name, error.lineno, error.colno)
        problems.add(place, f"this is not JSON: {error.msg[0].lower()}{error.msg[1:]}")
    except UnicodeDecodeError as error:
        place = place_of_byte(error.object, error.start, name)
        problems.add(place, "this is not UTF-8; save the file in that encoding")
    except RecursionError:
        problems.add(Place(name), "this is nested too deeply for a workflow")
    except OSError as error:
        problems.add(Place(name), f"the file cannot be read ({error.strerror})")
    return None


def _parsed(text: str) -> Any:
    if not text.strip():
        raise json.JSONDecodeError("The file is empty", "", 0)
    return json.loads(text)


def checked_graph(graph: Any) -> tuple[dict[str, Any] | None, str]:
    """The graph if it is one in API format; else None, and what is the matter."""
    if isinstance(graph, dict) and isinstance(graph.get("nodes"), list):
        return None, (
            "this is the editor's own format; save it with `Export (API)`, or take it in with"
            " `hub workflows import`"
        )
    if not isinstance(graph, dict) or not graph:
        return None, "this is no workflow in API format: node ids with their nodes"
    if isinstance(graph.get("prompt"), dict) and "class_type" not in graph["prompt"]:
        return None, "this is a request with a workflow in `prompt`; save that part alone"
    broken = [node for node, definition in graph.items() if not _is_node(definition)]
    if broken:
        names = ", ".join(map(repr, broken[:10]))
        return None, f"node {names} needs a `class_type` and a mapping of `inputs`"
    return graph, ""


def _is_node(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and isinstance(value.get("class_type"), str)
        and isinstance(value.get("inputs"), dict)
    )
