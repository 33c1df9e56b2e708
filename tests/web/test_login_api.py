"""Coming in over the API: the owner, users, their passwords and tokens."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientPayloadError, WSCloseCode, WSMsgType

from hub.app import Hub
from hub.records.access import Role
from hub.web import sockets, standing
from tests.web.locked import PASSWORD, Visitor, locked_hub, visitor


@pytest.fixture
async def hub(config: Path) -> AsyncIterator[Hub]:
    async with locked_hub(config) as hub:
        yield hub


@pytest.fixture
async def owner(hub: Hub) -> AsyncIterator[Visitor]:
    await hub.door.accounts.add("anna", PASSWORD, Role.ADMIN)
    async with visitor(hub) as anna:
        await anna.log_in("anna")
        yield anna


@pytest.fixture
async def viewer(hub: Hub, owner: Visitor) -> AsyncIterator[Visitor]:
    await hub.door.accounts.add("bert", PASSWORD, Role.VIEWER)
    async with visitor(hub) as bert:
        await bert.log_in("bert")
        yield bert


async def token_of(owner: Visitor, scope: str, **more: object) -> str:
    body = {"name": "script", "scope": scope, **more}
    status, made = await owner.ask("POST", "/api/hub/tokens", body)
    assert status == 201
    return str(made["token"])


async def test_the_first_of_all_shows_the_code(hub: Hub) -> None:
    async with visitor(hub) as anna:
        _, me = await anna.ask("GET", "/api/hub/me")
        assert me == {"user": None, "role": None, "scope": None, "awaits_owner": True}
        status, refused = await anna.log_in("anna", code="0000-0000-0000")
        assert (status, refused["error"]["type"]) == (401, "WrongCode")
        status, let_in = await anna.log_in("anna", code=hub.door.welcome_code or "")
        assert (status, let_in) == (200, {"user": "anna", "role": "admin", "scope": "admin"})
        assert (await anna.ask("GET", "/api/hub/users"))[1]["users"][0]["name"] == "anna"
    assert hub.door.welcome_code is None


async def test_a_login_lasts_until_one_leaves(owner: Visitor) -> None:
    assert (await owner.ask("GET", "/api/hub/runs"))[0] == 200
    assert (await owner.ask("POST", "/api/hub/logout"))[0] == 200
    status, refused = await owner.ask("GET", "/api/hub/runs")
    assert (status, refused["error"]["type"]) == (401, "LoginNeeded")


async def test_scripts_of_the_page_never_see_the_cookie(hub: Hub, owner: Visitor) -> None:
    body = {"name": "anna", "password": PASSWORD}
    async with owner.session.post("/api/hub/login", json=body) as response:
        cookie = response.headers["Set-Cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Strict" in cookie
        assert (await response.text()).count("hub_") == 0


async def test_a_wrong_password_is_refused_and_guessing_held_back(hub: Hub, owner: Visitor) -> None:
    body = {"name": "anna", "password": "a guess"}
    answers = [(await owner.ask("POST", "/api/hub/login", body))[0] for _ in range(6)]
    assert answers == [401] * 5 + [429]
    async with owner.session.post("/api/hub/login", json=body) as response:
        assert 0 < int(response.headers["Retry-After"]) <= 30


@pytest.mark.parametrize("body", [[], {"name": "anna"}, {"name": 1, "password": {}}, "x", None])
async def test_odd_bodies_are_refused(hub: Hub, body: object) -> None:
    async with visitor(hub) as somebody:
        assert (await somebody.ask("POST", "/api/hub/login", body))[0] == 400


async def test_an_admin_looks_after_users(owner: Visitor) -> None:
    new = {"name": "bert", "password": PASSWORD}
    assert await owner.ask("POST", "/api/hub/users", new | {"role": "king"}) == (
        400,
        {
            "error": {
                "type": "Invalid",
                "message": "That is not what this takes: Invalid enum value 'king' - at `$.role`.",
            }
        },
    )
    half_a_letter = {"name": "x\ud83d", "scope": "read", "user": "anna"}
    assert (await owner.ask("POST", "/api/hub/tokens", half_a_letter))[0] == 400
    assert (await owner.ask("POST", "/api/hub/users", {"\ud83d": 1}))[0] == 400
    assert (await owner.ask("POST", "/api/hub/users", new))[1]["role"] == "operator"
    assert (await owner.ask("POST", "/api/hub/users", new))[0] == 409
    assert (await owner.ask("POST", "/api/hub/users/bert/role", {"role": "viewer"}))[0] == 200
    users = (await owner.ask("GET", "/api/hub/users"))[1]["users"]
    assert [(user["name"], user["role"]) for user in users] == [
        ("anna", "admin"),
        ("bert", "viewer"),
    ]
    assert (await owner.ask("DELETE", "/api/hub/users/bert"))[0] == 200
    assert (await owner.ask("DELETE", "/api/hub/users/bert"))[0] == 404
    assert (await owner.ask("DELETE", "/api/hub/users/anna"))[0] == 409


async def test_a_viewer_looks_and_does_nothing(viewer: Visitor) -> None:
    assert (await viewer.ask("GET", "/api/hub/runs"))[0] == 200
    for path in ("/prompt", "/api/hub/pause", "/api/hub/users", "/api/hub/users/anna/password"):
        status, refused = await viewer.ask("POST", path, {"password": "something else"})
        assert (path, status) == (path, 403)
        assert "Traceback" not in refused["error"]["message"]


async def test_one_changes_ones_own_password_with_the_present_one(
    hub: Hub, viewer: Visitor
) -> None:
    path = "/api/hub/users/bert/password"
    assert (await viewer.ask("POST", path, {"password": "battery staple"}))[0] == 401
    async with visitor(hub) as elsewhere:
        await elsewhere.log_in("bert")
        new = {"password": "battery staple", "current": PASSWORD}
        assert (await viewer.ask("POST", path, new))[0] == 200
        assert (await viewer.ask("GET", "/api/hub/runs"))[0] == 200
        assert (await elsewhere.ask("GET", "/api/hub/runs"))[0] == 401


async def test_tokens_are_told_once_and_revoked(hub: Hub, owner: Visitor) -> None:
    secret = await token_of(owner, "run", days=7)
    async with visitor(hub, secret) as script:
        assert (await script.ask("GET", "/prompt"))[0] == 200
        assert (await script.ask("GET", "/api/hub/me"))[1]["scope"] == "run"
        [listed] = (await owner.ask("GET", "/api/hub/tokens"))[1]["tokens"]
        assert secret not in str(listed)
        assert (await owner.ask("DELETE", f"/api/hub/tokens/{listed['id']}"))[0] == 200
        assert (await script.ask("GET", "/prompt"))[0] == 401


async def test_tokens_of_others_stay_unseen(viewer: Visitor, owner: Visitor) -> None:
    await token_of(owner, "admin")
    [listed] = (await owner.ask("GET", "/api/hub/tokens"))[1]["tokens"]
    assert (await viewer.ask("GET", "/api/hub/tokens"))[1]["tokens"] == []
    assert (await viewer.ask("DELETE", f"/api/hub/tokens/{listed['id']}"))[0] == 404
    for_anna = {"name": "x", "scope": "read", "user": "anna"}
    assert (await viewer.ask("POST", "/api/hub/tokens", for_anna))[0] == 403
    too_wide = {"name": "x", "scope": "run"}
    assert (await viewer.ask("POST", "/api/hub/tokens", too_wide))[0] == 400


async def test_a_token_makes_no_wider_one(hub: Hub, owner: Visitor) -> None:
    async with visitor(hub, await token_of(owner, "run")) as script:
        for scope in ("read", "admin"):
            body = {"name": "x", "scope": scope}
            assert (await script.ask("POST", "/api/hub/tokens", body))[0] == 403


async def test_sockets_open_with_a_token_in_the_address(hub: Hub, owner: Visitor) -> None:
    secret = await token_of(owner, "read")
    async with (
        visitor(hub) as script,
        script.session.ws_connect(f"/ws?clientId=old&token={secret}") as socket,
    ):
        assert (await socket.receive_json())["type"] == "status"


async def test_sockets_end_with_what_opened_them(hub: Hub, owner: Visitor) -> None:
    secret = await token_of(owner, "read")
    [token] = hub.door.keyring.tokens()
    async with (
        visitor(hub, secret) as script,
        script.session.ws_connect("/ws") as the_scripts,
        owner.session.ws_connect("/ws") as the_owners,
    ):
        for socket in (the_scripts, the_owners):
            await socket.receive_json()
        revoking = asyncio.create_task(owner.ask("DELETE", f"/api/hub/tokens/{token.id}"))
        assert (await the_scripts.receive()).data == WSCloseCode.POLICY_VIOLATION
        assert (await revoking)[0] == 200
        assert not the_owners.closed
        leaving = asyncio.create_task(owner.ask("POST", "/api/hub/logout"))
        assert (await the_owners.receive()).data == WSCloseCode.POLICY_VIOLATION
        await leaving


async def test_streams_end_with_what_opened_them(hub: Hub, owner: Visitor) -> None:
    secret = await token_of(owner, "run")
    [token] = hub.door.keyring.tokens()
    body = {"stream": True, "parameters": {"behaviour": "hang"}}
    async with (
        visitor(hub, secret) as script,
        script.session.post("/api/hub/workflows/plain/run", json=body) as stream,
    ):
        assert await stream.content.readline() == b"event: RunQueued\n"
        assert (await owner.ask("DELETE", f"/api/hub/tokens/{token.id}"))[0] == 200
        with pytest.raises(ClientPayloadError):  # it was cut off in the middle
            await stream.content.read()
    assert hub.runs.remaining == 1  # the run goes on


async def test_a_client_that_does_not_answer_the_goodbye_is_cut_off(
    hub: Hub, owner: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def say_goodbye_for_ever(*_: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(sockets, "close", say_goodbye_for_ever)
    monkeypatch.setattr(standing, "SECONDS_TO_LEAVE", 0.05)
    secret = await token_of(owner, "read")
    [token] = hub.door.keyring.tokens()
    async with visitor(hub, secret) as script, script.session.ws_connect("/ws") as socket:
        await socket.receive_json()
        assert (await owner.ask("DELETE", f"/api/hub/tokens/{token.id}"))[0] == 200
        assert (await socket.receive()).type is WSMsgType.CLOSED
