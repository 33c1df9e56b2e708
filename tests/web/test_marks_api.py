"""Stars and tags of outputs, finding by them, and downloading many, over the hub's own API."""

import io
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from sqlalchemy import update

from hub.app import Hub
from hub.storage import tables
from hub.storage.history import OUTPUTS
from hub.web import zip_api
from tests.web.client import Client
from tests.web.configuration import plain_graph

MARK = "/api/hub/outputs/mark"


async def made(client: Client, count: int) -> list[dict[str, Any]]:
    runs = [await client.run(plain_graph()) for _ in range(count)]
    return [run["outputs"][0] for run in runs]


async def names(client: Client, query: str) -> list[str]:
    status, answer = await client.get(f"/api/hub/outputs?{query}")
    assert status == 200, answer
    return [output["name"] for output in answer["outputs"]]


async def archive(client: Client, query: str) -> ZipFile:
    async with client.session.get(f"/api/hub/outputs/zip?{query}") as response:
        assert response.status == 200, await response.text()
        assert response.content_type == "application/zip"
        return ZipFile(io.BytesIO(await response.read()))


async def move(hub: Hub, output: dict[str, Any], to: Path) -> None:
    """As if the run had put it there."""
    to.parent.mkdir(parents=True, exist_ok=True)
    Path(output["path"]).rename(to)
    there = tables.outputs.c.id == output["id"]
    statement = update(tables.outputs).where(there).values(path=to)
    await hub.books.database.write(lambda connection: connection.execute(statement))


async def test_marked_outputs_are_found_by_their_marks(client: Client) -> None:
    one, two, three = await made(client, 3)
    async with client.socket("/api/hub/notices") as socket:
        body = {"outputs": [one["id"], two["id"]], "starred": True, "add": ["beach", " night "]}
        assert (await client.post(MARK, body))[0] == 200
        told = (await socket.until("OutputsChanged"))[-1]
    assert told["outputs"] == [one["id"], two["id"]]
    await client.post(MARK, {"outputs": [two["id"]], "remove": ["night", "unknown"]})
    await client.post(MARK, {"outputs": [three["id"]], "add": ["beach", "beach"]})
    assert await names(client, "starred=true") == [two["name"], one["name"]]
    assert await names(client, "tag=night") == [one["name"]]
    assert await names(client, "tag=beach&starred=true") == [two["name"], one["name"]]
    assert await names(client, f"tag=beach&before=2.{two['id']}") == [one["name"]]
    assert await names(client, f"outputs={three['id']},{one['id']}") == [three["name"], one["name"]]
    _, answer = await client.get("/api/hub/outputs")
    marks = [(output["starred"], output["tags"]) for output in answer["outputs"]]
    assert marks == [(False, ["beach"]), (True, ["beach"]), (True, ["beach", "night"])]
    _, answer = await client.get("/api/hub/tags")
    assert answer["tags"] == [{"tag": "beach", "outputs": 3}, {"tag": "night", "outputs": 1}]


async def test_a_star_is_taken_back(client: Client) -> None:
    (one,) = await made(client, 1)
    for starred in (True, False):
        await client.post(MARK, {"outputs": [one["id"]], "starred": starred})
    assert await names(client, "starred=true") == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"outputs": [1, 77], "starred": True}, 404),
        ({"outputs": []}, 400),
        ({"outputs": [1], "add": ["a,b"]}, 400),
        ({"outputs": [1], "add": ["x" * 51]}, 400),
        ({"outputs": [1], "add": ["\ud800"]}, 400),
        ({"outputs": [1], "remove": ["\ud800"]}, 400),
        ({"outputs": ["1"]}, 400),
        ({"outputs": [1], "star": True}, 400),
    ],
)
async def test_marks_that_make_no_sense_change_nothing(
    client: Client, body: Any, status: int
) -> None:
    await made(client, 1)
    assert (await client.post(MARK, body))[0] == status
    assert await names(client, "starred=true") == []


@pytest.mark.parametrize(
    "query", ["starred=yes", "outputs=1,", "outputs=a", "outputs=" + "1," * 500 + "1"]
)
async def test_a_choice_that_makes_no_sense_is_refused(client: Client, query: str) -> None:
    assert (await client.get(f"/api/hub/outputs?{query}"))[0] == 400


async def test_a_starred_output_is_never_pruned_and_tags_go_with_theirs(
    client: Client, hub: Hub
) -> None:
    one, two = await made(client, 2)
    await client.post(MARK, {"outputs": [one["id"]], "starred": True, "add": ["kept"]})
    await client.post(MARK, {"outputs": [two["id"]], "add": ["gone"]})
    await hub.books.pruning.remove(OUTPUTS, [one["id"], two["id"]], two["id"])
    await hub.books.removals.carry_out()
    assert (Path(one["path"]).exists(), Path(two["path"]).exists()) == (True, False)
    assert await hub.books.marks.tags() == [("kept", 1)]


async def test_many_are_downloaded_as_one_archive(client: Client) -> None:
    outputs = await made(client, 3)
    await client.post(MARK, {"outputs": [outputs[0]["id"]], "add": ["beach"]})
    got = await archive(client, "")
    assert got.testzip() is None
    assert {name: got.read(name) for name in got.namelist()} == {
        output["name"]: Path(output["path"]).read_bytes() for output in outputs
    }
    assert (await archive(client, "tag=beach")).namelist() == [outputs[0]["name"]]
    two = f"outputs={outputs[1]['id']},{outputs[2]['id']}"
    assert len((await archive(client, two)).namelist()) == 2


async def test_what_is_gone_is_left_out_of_an_archive(client: Client) -> None:
    one, two = await made(client, 2)
    Path(one["path"]).unlink()
    assert (await archive(client, "")).namelist() == [two["name"]]
    Path(two["path"]).unlink()
    status, answer = await client.get("/api/hub/outputs/zip")
    assert (status, answer["error"]["type"]) == (404, "NotFound")


@pytest.mark.parametrize("places", [("one/a.png", "two/a.png"), ("caf\udce9.png", "caf\udce8.png")])
async def test_files_elsewhere_and_of_any_name_are_all_in_the_archive(
    client: Client, hub: Hub, tmp_path: Path, places: tuple[str, str]
) -> None:
    outputs = await made(client, 2)
    for output, place in zip(outputs, places, strict=True):
        await move(hub, output, tmp_path / "elsewhere" / place)
    got = await archive(client, "")
    assert got.testzip() is None
    assert len(set(got.namelist())) == 2


def test_what_vanishes_while_others_are_sent_is_left_out(tmp_path: Path) -> None:
    kept, lost = tmp_path / "kept.png", tmp_path / "lost.png"
    kept.write_bytes(b"kept")
    files = {"lost.png": lost, "kept.png": kept}
    got = ZipFile(io.BytesIO(b"".join(zip_api.archive(files))))
    assert got.namelist() == ["kept.png"]


async def test_too_much_at_once_is_refused_before_it_begins(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    await made(client, 2)
    monkeypatch.setattr(zip_api, "MOST_FILES", 1)
    status, answer = await client.get("/api/hub/outputs/zip")
    assert (status, answer["error"]["type"]) == (400, "TooMuchToDownload")
