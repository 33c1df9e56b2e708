"""What the hub tells of its node packs."""

from typing import Any

import pytest
from aiohttp import web

from hub.records.node_pack import NodePack, PackRoute
from hub.web.packs_api import shape
from tests.web.extras_hub import HubWithExtras

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def told(hub_with_extras: HubWithExtras) -> dict[str, dict[str, Any]]:
    """The packs by name."""
    _, answer = await hub_with_extras[1].get("/api/hub/packs")
    return {pack["name"]: pack for pack in answer["packs"]}


async def test_only_the_allowed_packs_of_all_folders_are_loaded(
    hub_with_extras: HubWithExtras,
) -> None:
    assert list(await told(hub_with_extras)) == ["extras", "project", "started"]


async def test_a_prestartup_script_runs_before_torch_is_loaded(
    hub_with_extras: HubWithExtras,
) -> None:
    assert (await told(hub_with_extras))["started"]["error"] is None  # it looks itself


async def test_a_folder_of_files_is_named_in_a_pack_or_in_its_project_file(
    hub_with_extras: HubWithExtras,
) -> None:
    packs = await told(hub_with_extras)
    names = [(pack["web_name"], (pack["web"] or "").split("/")[-1]) for pack in packs.values()]
    assert names == [("extras", "web"), ("a-project", "js"), (None, "")]


async def test_the_hubs_own_routes_win_and_a_bad_one_costs_only_itself(
    hub_with_extras: HubWithExtras,
) -> None:
    extras = (await told(hub_with_extras))["extras"]
    left_out, out_of_reach = extras["problems"]
    assert left_out.startswith("A route of it is left out: ")
    assert out_of_reach == "Its route POST /prompt is out of reach: the hub has its own there."
    assert "GET /extras/hello/{name}" in extras["routes"]
    assert "GET /extras/static" in extras["routes"]


@pytest.mark.parametrize(
    ("routes", "workers", "problems"),
    [
        ((PackRoute(method="GET", path="/x", pattern="/x"),), ["a", "b"], 1),
        ((PackRoute(method="GET", path="/x", pattern="/x"),), ["a"], 0),
        ((), ["a", "b"], 0),
    ],
)
async def test_a_pack_that_is_bound_to_one_of_several_workers_says_so(
    routes: tuple[PackRoute, ...], workers: list[str], problems: int
) -> None:
    pack = NodePack(name="x", folder="/x", seconds=0, nodes=("X",), routes=routes)
    told = shape(pack, web.Application().router, dict.fromkeys(workers))["problems"]
    bound = "It answers requests, in worker a; so runs with its nodes go there alone."
    assert told == [bound] * problems
