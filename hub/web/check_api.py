"""The hub's own API: what keeps a graph from being carried out."""

import asyncio
from typing import Any

import msgspec
from aiohttp import web

from hub.engine.findings import find_faults
from hub.errors import Invalid
from hub.web.json_body import read_json
from hub.web.json_text import answer
from hub.web.parts import parts_of
from hub.workflows.graph_file import checked_graph


class Wanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A graph in API format, and the inputs that each run is given, by node and name."""

    graph: dict[str, Any]
    given: list[tuple[str, str]] = []


async def check_graph(request: web.Request) -> web.Response:
    """POST /api/hub/check: all that is wrong with a graph, by what this hub and its packs know."""
    catalogue = parts_of(request).engine.catalogue
    try:
        wanted = msgspec.convert(await read_json(request), Wanted)
    except msgspec.ValidationError as error:
        raise Invalid(f"This is no graph to check: {error}.") from error
    graph, problem = checked_graph(wanted.graph)
    if graph is None:
        raise Invalid(f"This is no graph to check: {problem}.")
    for node, name in wanted.given:
        if node not in graph or name not in graph[node]["inputs"]:
            raise Invalid(f"The graph has no input {name!r} of a node {node!r} to be given.")
    return answer(await asyncio.to_thread(find_faults, graph, catalogue, wanted.given))
