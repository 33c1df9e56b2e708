"""The files that a graph names: what its runs are given besides numbers and texts."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from hub.engine.catalogue import Catalogue
from hub.engine.graph import Graph, is_link, unwrapped
from hub.nodes.schema import Input
from hub.storage.input_store import STORE_NAME


class GivenFile(NamedTuple):
    """`name` is that by which the input of the node finds it."""

    node: str
    input: str
    name: str


def given_files(graph: Graph, catalogue: Catalogue) -> list[GivenFile]:
    """Each file once, at the first place that names it."""
    found: dict[str, GivenFile] = {}
    for node, content in graph.items():
        schema = catalogue.get(content["class_type"])
        for name, value in content.get("inputs", {}).items():
            chooses = _chooses_files(schema.input(name) if schema else None)
            for text in _texts(value):
                if chooses or STORE_NAME.fullmatch(text):
                    found.setdefault(text, GivenFile(node, name, text))
    return list(found.values())


def _texts(value: Any) -> Iterator[str]:
    """A constant that is a text, or the texts in one that is a list."""
    constant = unwrapped(value)
    if not is_link(constant):
        values = constant if isinstance(constant, list) else [constant]
        yield from (each for each in values if isinstance(each, str))


def _chooses_files(item: Input | None) -> bool:
    return item is not None and (item.folder == "input" or "image_upload" in item.extra)
