"""`hub serve`."""

import signal
from pathlib import Path

import aiohttp

from hub.app import Hub
from tests.cli.conftest import RunHub, start_command
from tests.storage.damaged import damage


async def test_a_hub_serves_until_it_is_asked_to_stop(config: Path) -> None:
    process = await start_command(config, "serve", "--port", "0", "--log-level", "warning")
    assert process.stderr is not None
    told = (await process.stderr.readline()).decode()
    address = told.split()[4]
    async with aiohttp.ClientSession() as session, session.get(f"{address}/healthz") as response:
        assert response.status == 200
    process.send_signal(signal.SIGTERM)
    out, err = await process.communicate()
    assert (process.returncode, out, err) == (0, b"", b"")


async def test_a_safe_hub_listens_with_every_automation_off(config: Path) -> None:
    process = await start_command(
        config, "serve", "--safe", "--port", "0", "--log-level", "warning"
    )
    assert process.stderr is not None
    address = (await process.stderr.readline()).decode().split()[4]
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{address}/api/hub/automations") as response,
    ):
        states = [item["state"] for item in (await response.json())["automations"]]
    process.send_signal(signal.SIGTERM)
    await process.communicate()
    assert states == ["off", "off"]


async def test_a_hub_where_nobody_can_log_in_yet_tells_the_owner_how(config: Path) -> None:
    with (config / "hub.yaml").open("a") as settings:
        settings.write("server: {login: always}\n")
    process = await start_command(config, "serve", "--port", "0", "--log-level", "warning")
    assert process.stderr is not None
    address = (await process.stderr.readline()).decode().split()[4]
    told = (await process.stderr.readline()).decode()
    code = told.split("give the code ")[1].split(",")[0]
    body = {"name": "anna", "password": "correct horse", "code": code}
    async with aiohttp.ClientSession(address) as session:
        async with session.get("/api/hub/runs") as response:
            assert response.status == 401
        async with session.post("/api/hub/login", json=body) as response:
            assert (await response.json())["role"] == "admin"
    process.send_signal(signal.SIGTERM)
    await process.communicate()


async def test_a_damaged_database_is_told_in_a_sentence(config: Path, hub_command: RunHub) -> None:
    async with Hub(config, port=0, automations=False):
        pass
    database = config / "data" / "hub.sqlite"
    damage(database, "automation_states")
    for command in ("serve --port 0 --log-level warning", "runs list"):
        ended = await hub_command(*command.split())
        assert (ended.code, ended.out) == (1, "")
        assert ended.err.startswith(f"Error: The database {database} cannot be used: it is damaged")
        assert ended.err.endswith("Restore a backup with `hub restore --replace`.\n")
