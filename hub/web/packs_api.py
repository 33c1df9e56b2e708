"""The node packs, and what became of them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from aiohttp import web

from hub.records.node_pack import NodePack, PackRoute
from hub.web.json_text import answer
from hub.web.parts import parts_of


async def list_packs(request: web.Request) -> web.Response:
    """GET /api/hub/packs: as the workers reported them, each once."""
    engine = parts_of(request).engine
    shapes = [
        shape(pack, request.app.router, _errors(pack, engine.packs_by_worker))
        for pack in engine.packs
    ]
    return answer({"packs": shapes})


def shape(
    pack: NodePack, router: web.UrlDispatcher, workers: dict[str, str | None]
) -> dict[str, Any]:
    """A pack as the API tells it. `workers` are those that were to load it, with their errors."""
    return {
        "name": pack.name,
        "folder": pack.folder,
        "seconds": pack.seconds,
        "nodes": pack.nodes,
        "error": pack.error,
        "traceback": pack.traceback,
        "web": pack.web,
        "web_name": pack.web_name,
        "routes": [f"{route.method} {route.path}" for route in pack.routes],
        "problems": [
            *pack.problems,
            *_out_of_reach(pack, router),
            *_bound_to_one(pack, [name for name, error in workers.items() if error is None]),
        ],
        "workers": workers,
    }


def _errors(pack: NodePack, by_worker: Mapping[str, Iterable[NodePack]]) -> dict[str, str | None]:
    """The error that it has in each worker that was to load it, or None."""
    return {
        worker: report.error
        for worker, reports in by_worker.items()
        for report in reports
        if report.name == pack.name
    }


def _out_of_reach(pack: NodePack, router: web.UrlDispatcher) -> Iterator[str]:
    """For each route of the pack's that the hub answers itself, a sentence."""
    for route in pack.routes:
        if any(_answers(resource, route) for resource in router.resources()):
            yield (
                f"Its route {route.method} {route.path} is out of reach: the hub has its own there."
            )


def _bound_to_one(pack: NodePack, workers: list[str]) -> Iterator[str]:
    """What it means for its nodes that a pack with routes is in several workers."""
    if pack.routes and pack.nodes and len(workers) > 1:
        yield (
            f"It answers requests, in worker {workers[0]}; so runs with its nodes go there alone."
        )


def _answers(resource: web.AbstractResource, route: PackRoute) -> bool:
    example = re.sub(r"\{[^{}]*\}", "x", route.path)
    methods = {own.method for own in resource}
    if route.method != "*" and not {route.method, "*"} & methods:
        return False
    info: dict[str, Any] = dict(resource.get_info())
    if "pattern" in info:
        return info["pattern"].fullmatch(example) is not None
    return info.get("path") == example or ("prefix" in info and example.startswith(info["prefix"]))
