"""HTTPS by files, also for commands of this machine."""

import shutil
import ssl
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientError, ClientSession

from hub.app import Hub
from hub.cli.connection import running_hub
from hub.records.access import Role
from hub.web.listening import CertificateUnusable
from tests.web.locked import PASSWORD, locked_hub

FILES = "certificate: hub.pem, key: hub.key.pem, names: hub.example.org"

pytestmark = pytest.mark.skipif(not shutil.which("openssl"), reason="needs openssl")


def make_certificate(folder: Path) -> None:
    """For a name that no address of this machine has."""
    command = (
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 "
        "-keyout hub.key.pem -out hub.pem "
        "-subj /CN=hub.example.org -addext subjectAltName=DNS:hub.example.org"
    )
    subprocess.run(command.split(), cwd=folder, check=True, capture_output=True)


@pytest.fixture
def certified(config: Path) -> Path:
    make_certificate(config)
    return config


@pytest.fixture
async def hub(certified: Path) -> AsyncIterator[Hub]:
    async with locked_hub(certified, FILES) as hub:
        yield hub


async def test_browsers_come_in_by_https_with_a_cookie_for_it_alone(hub: Hub) -> None:
    await hub.door.accounts.add("anna", PASSWORD, Role.ADMIN)
    trusting = ssl.create_default_context(cafile=hub.configuration.folders.config / "hub.pem")
    body = {"name": "anna", "password": PASSWORD}
    async with (
        ClientSession() as session,
        session.post(
            f"{hub.address}/api/hub/login",
            json=body,
            ssl=trusting,
            server_hostname="hub.example.org",
        ) as response,
    ):
        assert response.status == 200
        assert "Secure" in response.headers["Set-Cookie"]


async def test_nobody_comes_in_without(hub: Hub) -> None:
    async with ClientSession() as session:
        with pytest.raises(ClientError):
            await session.get(f"{hub.address.replace('https', 'http')}/healthz")


async def test_commands_trust_the_hubs_own_certificate(hub: Hub, certified: Path) -> None:
    async with running_hub(certified) as connection:
        assert connection is not None
        assert (await connection.get("/api/hub/me"))["scope"] == "admin"


async def test_commands_trust_no_other(hub: Hub, certified: Path) -> None:
    make_certificate(certified)
    async with running_hub(certified) as connection:
        assert connection is None


async def test_a_key_that_does_not_belong_to_the_certificate_is_told(certified: Path) -> None:
    (certified / "hub.key.pem").write_text("no key")
    with pytest.raises(CertificateUnusable, match="belong together"):
        async with locked_hub(certified, FILES):
            pass


async def test_a_certificate_that_is_not_there_is_told(config: Path) -> None:
    with pytest.raises(CertificateUnusable, match="No such file"):
        async with locked_hub(config, FILES):
            pass
