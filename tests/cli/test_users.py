"""`hub user` and `hub token`, with and without a hub that runs, and into a locked one."""

import asyncio
import os
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hub.app import Hub
from hub.records.access import Scope
from tests.cli.conftest import COMMAND, Result, RunHub
from tests.web.locked import locked_hub

PASSWORD = b"correct horse\n"


@pytest.fixture
async def locked(config: Path) -> AsyncIterator[Hub]:
    async with locked_hub(config) as hub:
        yield hub


async def with_input(config: Path, text: bytes, *words: str, **variables: str) -> Result:
    process = await asyncio.create_subprocess_exec(
        COMMAND,
        *words,
        env={**os.environ, "HUB_CONFIG": str(config), "NO_COLOR": "1", **variables},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate(text)
    assert process.returncode is not None
    return Result(process.returncode, out.decode(), err.decode())


async def test_users_are_made_before_the_first_start(config: Path, hub_command: RunHub) -> None:
    made = await with_input(config, PASSWORD, "user", "add", "anna")
    assert (made.code, made.out) == (0, "anna is admin.\n")
    async with locked_hub(config) as hub:
        assert hub.door.welcome_code is None
        assert "anna  admin" in (await hub_command("user", "list")).out


async def test_a_running_locked_hub_lets_its_own_user_in(
    locked: Hub, config: Path, hub_command: RunHub
) -> None:
    assert (await hub_command("runs")).code == 0
    assert (await with_input(config, PASSWORD, "user", "add", "anna")).code == 0
    bert = await with_input(config, PASSWORD, "user", "add", "bert", "--role", "viewer")
    assert bert.out == "bert is viewer.\n"
    assert (await hub_command("user", "role", "bert", "admin")).out == "bert is admin.\n"
    changed = await with_input(config, b"battery staple\n", "user", "password", "bert")
    assert changed.code == 0
    assert (await hub_command("user", "remove", "anna")).code == 0
    assert [user.name for user in locked.door.accounts.all] == ["bert"]
    refused = await hub_command("user", "remove", "bert")
    assert (refused.code, "only admin" in refused.err) == (1, True)


async def test_the_key_is_for_the_hubs_own_user_and_goes_with_the_hub(
    config: Path,
) -> None:
    async with locked_hub(config) as hub:
        key = hub.configuration.folders.data / "hub.key"
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert not key.exists()


async def test_tokens_are_made_listed_and_revoked(
    locked: Hub, config: Path, hub_command: RunHub
) -> None:
    await with_input(config, PASSWORD, "user", "add", "anna")
    secret = (await hub_command("token", "create", "phone", "--scope", "read")).out.strip()
    identity = locked.door.keyring.find(secret)
    assert identity is not None
    assert (identity.user, identity.scope) == ("anna", Scope.READ)
    listed = (await hub_command("token", "list")).out
    assert "phone" in listed
    assert secret not in listed
    [token] = locked.door.keyring.tokens()
    assert (await hub_command("token", "revoke", token.id)).code == 0
    assert locked.door.keyring.find(secret) is None


async def test_whose_token_it_is_has_to_be_said_unless_there_is_one_user(
    locked: Hub, config: Path, hub_command: RunHub
) -> None:
    nobody = await hub_command("token", "create", "phone")
    assert (nobody.code, "`hub user add NAME` makes one" in nobody.err) == (1, True)
    for name in ("anna", "bert"):
        await with_input(config, PASSWORD, "user", "add", name)
    several = await hub_command("token", "create", "phone")
    assert (several.code, "say with `--user` whose" in several.err) == (1, True)
    assert (await hub_command("token", "create", "phone", "--user", "bert")).code == 0
    assert [token.user for token in locked.door.keyring.tokens()] == ["bert"]


async def test_a_token_in_the_environment_stands_for_the_key(
    locked: Hub, config: Path, hub_command: RunHub
) -> None:
    await with_input(config, PASSWORD, "user", "add", "anna")
    secret = (await hub_command("token", "create", "phone", "--scope", "read")).out.strip()
    may = await with_input(config, b"", "runs", HUB_TOKEN=secret)
    may_not = await with_input(config, b"", "pause", HUB_TOKEN=secret)
    unknown = await with_input(config, b"", "runs", HUB_TOKEN="hub_unknown")
    assert (may.code, may_not.code, unknown.code) == (0, 1, 1)
    assert "this needs 'run'" in may_not.err
    assert "hub token create" in unknown.err
