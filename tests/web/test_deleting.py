"""Deleting outputs and inputs over the API."""

from pathlib import Path
from typing import Any

from msgspec.structs import replace

from hub.app import Hub
from hub.storage.history import OUTPUTS
from hub.storage.outputs import insert_outputs
from tests.web.client import Client, content_of
from tests.web.configuration import plain_graph
from tests.web.test_workflows_api import png

PLAIN = "/api/hub/workflows/plain/run"


async def made(client: Client, **parameters: Any) -> dict[str, Any]:
    """The output of a run that is over."""
    _, answer = await client.post(PLAIN, {"parameters": parameters, "wait": True})
    output = answer["run"]["outputs"][0]
    assert isinstance(output, dict)
    return output


async def hanging(client: Client, **inputs: object) -> str:
    """The id of a run that goes on until it is cancelled."""
    graph = plain_graph(fake="hang", **inputs)
    _, accepted = await client.post("/prompt", {"prompt": graph})
    return str(accepted["prompt_id"])


async def uploaded(client: Client) -> str:
    _, answer = await client.post("/api/hub/inputs?name=a.png", png())
    return str(answer["name"])


async def test_a_deleted_output_is_gone_and_shown_as_deleted(client: Client) -> None:
    output = await made(client)
    assert output["deleted_at"] is None
    status, answer = await client.delete(output["url"])
    assert (status, answer["output"]["name"]) == (200, output["name"])
    assert not Path(output["path"]).exists()
    _, run = await client.get("/api/hub/runs/1")
    assert run["outputs"] == [answer["output"]]
    assert run["outputs"][0]["deleted_at"] is not None
    status, told = await client.get(output["url"])
    assert (status, told["error"]["type"]) == (404, "OutputGone")
    assert await client.delete(output["url"]) == (200, answer)


async def test_a_file_that_somebody_changed_stays(client: Client) -> None:
    output = await made(client)
    Path(output["path"]).write_bytes(b"mine")
    assert (await client.delete(output["url"]))[0] == 200
    assert Path(output["path"]).read_bytes() == b"mine"


async def test_a_later_output_under_the_same_name_stays(client: Client, hub: Hub) -> None:
    output = await made(client)
    later = await another_row(hub, output["id"])
    assert (await client.delete(output["url"]))[0] == 200
    async with client.session.get(f"/api/hub/outputs/{later}") as response:
        assert response.status == 200
    assert (await client.delete(f"/api/hub/outputs/{later}"))[0] == 200
    assert not Path(output["path"]).exists()


async def test_an_output_that_a_run_is_about_to_read_stays(client: Client, hub: Hub) -> None:
    output = await made(client)
    run = await hanging(client, note=f"{output['name']} [output]")
    status, told = await client.delete(output["url"])
    assert (status, told["error"]["type"]) == (409, "InUse")
    assert Path(output["path"]).exists()
    hub.runs.cancel(run)
    await hub.runs.wait(run)
    assert (await client.delete(output["url"]))[0] == 200


async def test_retention_leaves_what_lies_under_a_deleted_name_alone(
    client: Client, hub: Hub
) -> None:
    output = await made(client)
    content = content_of(output)
    await client.delete(output["url"])
    Path(output["path"]).write_bytes(content)
    await hub.books.pruning.remove(OUTPUTS, [output["id"]], output["id"])
    await hub.books.removals.carry_out()
    assert Path(output["path"]).exists()


async def test_there_is_nothing_to_delete_under_other_names(client: Client) -> None:
    assert (await client.delete("/api/hub/outputs/7"))[0] == 404
    made = (await client.run(plain_graph()))["outputs"][0]
    wrong = {
        "a.png": 404,
        "0" * 64 + ".png": 404,
        "..%2fhub.sqlite": 400,
        f"{made['name']} [output]": 404,
    }
    for name, status in wrong.items():
        assert (await client.delete(f"/api/hub/inputs/{name}"))[0] == status
    assert Path(made["path"]).exists()


async def test_an_uploaded_file_of_the_input_folder_goes_too(client: Client, hub: Hub) -> None:
    folder = hub.configuration.folders.input / "sub"
    folder.mkdir(parents=True)
    file = folder / "a b.png"
    file.write_bytes(png())
    run = await hanging(client, note="sub/a b.png")
    assert (await client.delete("/api/hub/inputs/sub/a%20b.png"))[0] == 409
    hub.runs.cancel(run)
    await hub.runs.wait(run)
    status, answer = await client.delete("/api/hub/inputs/sub/a%20b.png")
    assert (status, answer) == (200, {"name": "sub/a b.png", "bytes": len(png())})
    assert not file.exists()


async def test_an_input_goes_unless_something_under_way_refers_to_it(
    client: Client, hub: Hub
) -> None:
    name = await uploaded(client)
    run = await hanging(client, note=name)
    status, told = await client.delete(f"/api/hub/inputs/{name}")
    assert (status, told["error"]["type"]) == (409, "InUse")
    hub.runs.cancel(run)
    await hub.runs.wait(run)
    status, answer = await client.delete(f"/api/hub/inputs/{name}")
    assert (status, answer) == (200, {"name": name, "bytes": len(png())})
    assert (await client.delete(f"/api/hub/inputs/{name}"))[0] == 404


async def test_an_output_from_the_cache_is_deleted_with_its_first(client: Client, hub: Hub) -> None:
    output = await made(client)
    first = await hub.books.outputs.get(output["id"])
    later = await another_row(hub, first.id, shared_from=first.id)
    status, answer = await client.delete(f"/api/hub/outputs/{later}")
    assert (status, answer["output"]["id"]) == (200, later)
    assert not first.path.exists()
    assert (await hub.books.outputs.get(first.id)).deleted_at is not None


async def another_row(hub: Hub, output: int, **changed: Any) -> int:
    """The id of a second output under the same name."""
    first = await hub.books.outputs.get(output)
    later = replace(first, node="3", **changed)
    await hub.books.database.write(lambda connection: insert_outputs(connection, [later]))
    return output + 1
