"""The API's description of itself: complete, true, and readable in a browser."""

import asyncio
import inspect
from typing import Any

import msgspec
from playwright.async_api import expect

from hub.client import records
from hub.web.openapi.document import OPERATIONS, described_routes, document
from hub.web.scoped import needed_scope
from hub.web.server import ROUTES
from tests.web.browser import needs_chromium, open_page
from tests.web.client import Client
from tests.web.configuration import plain_graph
from tests.web.test_workflows_api import png


def test_every_route_is_described_and_every_description_has_its_route() -> None:
    assert set(dict(described_routes(ROUTES))) == set(OPERATIONS)


def test_every_description_says_something() -> None:
    operations = [each for path in document(ROUTES)["paths"].values() for each in path.values()]
    assert len(operations) == len(OPERATIONS)
    assert [each["operationId"] for each in operations if len(each["summary"]) < 10] == []
    identities = [each["operationId"] for each in operations]
    assert len(set(identities)) == len(identities)


def test_a_description_tells_which_scope_is_needed() -> None:
    paths = document(ROUTES)["paths"]
    for name, route in described_routes(ROUTES):
        method, path = name.split()
        told = paths[path][method.lower()].get("x-scope")
        assert told == needed_scope(route.handler)


async def test_the_hub_gives_its_description(client: Client) -> None:
    status, told = await client.get("/api/hub/openapi.json")
    expected = await asyncio.to_thread(document, ROUTES)  # it reads the version from a file
    assert (status, told) == (200, msgspec.json.decode(msgspec.json.encode(expected)))


async def test_runs_have_just_the_fields_of_the_clients_records(client: Client) -> None:
    run = await client.run(plain_graph())
    assert run.keys() == names_of(records.RunDetails)
    assert run["outputs"][0].keys() == names_of(records.Output)
    assert run["nodes"][0].keys() == names_of(records.RunNode)
    assert msgspec.convert(run, records.RunDetails).outputs[0].name == "plain_00001_.png"
    _, stored = await client.post("/api/hub/inputs?name=a.png", png())
    load = {"class_type": "LoadImage", "inputs": {"image": stored["name"]}}
    given = await client.run({**plain_graph(), "1": load})
    assert given["inputs"][0].keys() == names_of(records.GivenFile)
    failed = await client.run(plain_graph(fake="fail"))
    assert failed["error"].keys() == names_of(records.RunError)


async def test_workflows_have_just_the_fields_of_the_clients_records(client: Client) -> None:
    _, told = await client.get("/api/hub/workflows")
    for workflow in told["workflows"]:
        assert workflow.keys() == names_of(records.Workflow)
        for parameter in workflow["parameters"].values():
            assert parameter.keys() == names_of(records.Parameter)


def names_of(kind: type[msgspec.Struct]) -> set[str]:
    return {field.name for field in msgspec.structs.fields(kind)}


def test_the_clients_records_are_all_tried_above() -> None:
    tried = {"RunDetails", "GivenFile", "Output", "RunNode", "RunError", "Workflow", "Parameter"}
    known = {
        name
        for name, kind in inspect.getmembers(records, inspect.isclass)
        if issubclass(kind, records.Record)
    }
    assert known - tried == {"Record", "Run", "RunProgress"}  # Run's fields are RunDetails', too


@needs_chromium
async def test_the_page_of_the_description_shows_every_route(client: Client) -> None:
    complaints: list[Any] = []
    async with open_page() as page:
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        await page.goto(f"{client.address}/api/hub/docs")
        await expect(page.locator("#operations > details:not([id])")).to_have_count(len(OPERATIONS))
        await page.fill("#filter", "/api/hub/prune")
        await page.locator("details:visible summary").click()
        needed = page.locator("details:visible").get_by_text("Needs the scope")
        await expect(needed).to_have_text("Needs the scope admin.")
    assert complaints == []


async def test_the_page_gives_its_own_files_only(client: Client) -> None:
    for name in ("..%2fserver.py", "none.js"):
        assert (await client.get(f"/api/hub/docs/{name}"))[0] == 404
