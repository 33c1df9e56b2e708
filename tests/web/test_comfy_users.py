"""Settings and files that ComfyUI's editor keeps for its user."""

from pathlib import Path
from typing import Any

import pytest

from hub.app import Hub
from hub.errors import NotFound
from hub.records.access import Role
from hub.web.comfy_user_files import UserFolder
from hub.web.errors import Forbidden
from tests.web.client import Client
from tests.web.recorded import recorded_answer

GRAPH = b'{"nodes": []}'


async def post(client: Client, path: str, content: bytes = GRAPH) -> tuple[int, Any]:
    async with client.session.post(path, data=content) as response:
        body = await response.read()
        return response.status, await response.json() if body else None


async def test_there_is_one_user_without_settings_at_first(client: Client) -> None:
    _, users = await client.get("/users")
    assert set(users) == set(recorded_answer("users"))
    assert await client.get("/settings") == (200, recorded_answer("settings"))
    assert await client.get("/settings/Comfy.Theme") == (200, None)


async def test_settings_are_changed_one_by_one(client: Client) -> None:
    assert await post(client, "/settings", b'{"a": 1, "b": [2]}') == (200, None)
    assert await post(client, "/api/settings/b", b'"two"') == (200, None)
    assert await client.get("/settings") == (200, {"a": 1, "b": "two"})
    assert await client.get("/settings/b") == (200, "two")
    assert (await post(client, "/settings", b"[1]"))[0] == 400


async def test_spoiled_settings_count_as_none(client: Client, hub: Hub) -> None:
    folder = hub.configuration.folders.users / "default"
    folder.mkdir(parents=True)
    (folder / "comfy.settings.json").write_text("{spoiled")
    assert await client.get("/settings") == (200, {})


async def test_a_file_is_kept_listed_moved_and_deleted(client: Client) -> None:
    kept = await post(client, "/userdata/workflows%2Fa.json?overwrite=false")
    assert kept == (200, "workflows/a.json")
    _, told = await post(client, "/userdata/workflows%2Fsub%2Fb.json?full_info=true")
    assert (told["path"], told["size"]) == ("workflows/sub/b.json", len(GRAPH))
    listings = {
        "dir=workflows": ["a.json"],
        "dir=workflows&recurse=true": ["a.json", "sub/b.json"],
        "dir=workflows&recurse=true&split=true": [
            ["a.json", "a.json"],
            ["sub/b.json", "sub", "b.json"],
        ],
    }
    for query, expected in listings.items():
        assert await client.get(f"/userdata?{query}") == (200, expected)
    _, full = await client.get("/userdata?dir=workflows&full_info=true")
    assert set(full[0]) == {"path", "size", "modified", "created"}
    moved = await post(client, "/userdata/workflows%2Fa.json/move/workflows%2Fsub%2Fc.json")
    assert moved == (200, "workflows/sub/c.json")
    onto_itself = "/userdata/workflows%2Fsub%2Fc.json/move/workflows%2Fsub%2Fc.json"
    assert await post(client, onto_itself) == moved
    _, entries = await client.get("/v2/userdata?path=workflows")
    assert [(entry["name"], entry["type"]) for entry in entries] == [("sub", "directory")]
    async with client.session.get("/userdata/workflows%2Fsub%2Fc.json") as response:
        assert (response.status, await response.read()) == (200, GRAPH)
    for status in (204, 404):
        async with client.session.delete("/userdata/workflows%2Fsub%2Fc.json") as response:
            assert response.status == status


async def test_nothing_is_overwritten_where_that_is_not_wanted(client: Client) -> None:
    for name in ("a", "b"):
        assert (await post(client, f"/userdata/{name}.json", name.encode()))[0] == 200
    assert (await post(client, "/userdata/a.json?overwrite=false"))[0] == 409
    assert (await post(client, "/userdata/a.json/move/b.json?overwrite=false"))[0] == 409
    async with client.session.get("/userdata/a.json") as response:
        assert await response.read() == b"a"
    assert (await post(client, "/userdata/a.json/move/b.json"))[0] == 200
    async with client.session.get("/userdata/b.json") as response:
        assert await response.read() == b"a"


async def test_a_directory_that_is_not_there_is_not_found(client: Client) -> None:
    assert (await client.get("/userdata?dir=nosuch"))[0] == 404
    assert (await client.get("/userdata"))[0] == 400
    assert (await client.get("/v2/userdata?path=nosuch"))[0] == 404


async def test_no_name_leads_out_of_the_users_folder(client: Client, hub: Hub) -> None:
    root = hub.configuration.folders.users / "default"
    root.mkdir(parents=True)
    (root / "link").symlink_to(hub.configuration.folders.config)
    names = ("..%2Fx", "%2Fetc%2Fpasswd", "link%2Fhub.yaml", "a%2F..%2F..%2Fx", ".", "a%00b")
    for name in (*names, "x" * 300):
        async with client.session.get(f"/userdata/{name}") as response:
            assert (name, response.status in (400, 403, 404)) == (name, True)
        status, _ = await post(client, f"/userdata/{name}")
        assert (name, status in (400, 403, 404, 405)) == (name, True)
    assert (await client.get("/userdata?dir=..%2F.."))[0] == 403
    assert sorted(path.name for path in root.iterdir()) == ["link"]


async def test_what_a_browser_would_carry_out_is_plain_bytes(client: Client) -> None:
    kinds = {"a.html": "application/octet-stream", "a.svg": "application/octet-stream"}
    for name, kind in {**kinds, "a.json": "application/json", "user.css": "text/css"}.items():
        await post(client, f"/userdata/{name}")
        async with client.session.get(f"/userdata/{name}") as response:
            assert (name, response.content_type) == (name, kind)


async def test_a_style_that_nobody_wrote_is_empty_for_a_page_and_missing_for_others(
    client: Client,
) -> None:
    for headers, status in (({"Sec-Fetch-Dest": "style"}, 200), ({}, 404)):
        async with client.session.get("/api/userdata/user.css", headers=headers) as response:
            assert response.status == status


def test_users_do_not_see_each_others_files(tmp_path: Path) -> None:
    UserFolder(tmp_path, "ada").write("a.json", b"hers", overwrite=True)
    assert UserFolder(tmp_path, "ada").files("", recursively=True) == [tmp_path / "ada" / "a.json"]
    with pytest.raises(NotFound):
        UserFolder(tmp_path, "bob").file("a.json")
    with pytest.raises(Forbidden):
        UserFolder(tmp_path, "bob").file("../ada/a.json")


async def test_users_are_not_made_through_comfyuis_protocol(client: Client, hub: Hub) -> None:
    await hub.door.accounts.add("anna", "correct horse", Role.OPERATOR)
    for name in ("anna", "default"):
        refused = await client.post("/users", {"username": name})
        assert refused == (400, {"error": "Duplicate username."})
    for odd in ("bert", ["bert"], None):
        status, told = await client.post("/users", {"username": odd})
        assert (status, "hub user add" in told["error"]) == (400, True)
    assert [user.name for user in hub.door.accounts.all] == ["anna"]
