"""Listening on the hub's port."""

import asyncio
import socket
import ssl
from asyncio import TaskGroup
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from ipaddress import ip_address
from pathlib import Path

from aiohttp import web, web_response

from hub.config.server_settings import ServerSettings
from hub.errors import Conflict, Invalid
from hub.web.accepting import accept
from hub.web.newcomers import Newcomers

SECONDS_TO_FINISH = 2  # for what is being answered when the hub stops
BACKLOG = 128  # who may wait to be accepted
# What answers call their server. aiohttp puts its version and Python's there, which tells strangers
# what to try; answers to what is no HTTP pass none of our own code, so there is no other place.
web_response.SERVER_SOFTWARE = "workflow-hub"  # type: ignore[attr-defined]  # imported there


class PortTaken(Conflict):
    """Something else listens on the hub's port."""

    def __init__(self, host: str, port: int, cause: OSError) -> None:
        super().__init__(
            f"The hub cannot listen on {host}:{port} ({cause.strerror}). Stop what is there, or "
            "choose another port with --port or in hub.yaml."
        )


class CertificateUnusable(Invalid):
    """The files for HTTPS are not what they should be."""

    def __init__(self, certificate: Path, key: Path, reason: str) -> None:
        super().__init__(
            f"HTTPS is not possible with {certificate} and {key}: {reason}. Both must be PEM files "
            "that belong together, and the key must have no password."
        )


@asynccontextmanager
async def listening(
    app: web.Application, server: ServerSettings, config: Path, port: int | None
) -> AsyncIterator[str]:
    """Answer there; gives the address for programs of this machine.

    `port` stands for the configured one. Raises `PortTaken`, `CertificateUnusable`.
    """
    port = server.port if port is None else port
    context = await asyncio.to_thread(_tls, server, config)
    runner = web.AppRunner(
        app,
        access_log=None,
        shutdown_timeout=SECONDS_TO_FINISH,
        keepalive_timeout=server.patience.total_seconds(),
    )
    await runner.setup()
    try:
        assert runner.server is not None, "it was just set up"
        newcomers = Newcomers(runner.server, server)
        with _bound(server.host, port) as listeners:
            async with TaskGroup() as tasks:
                accepting = [
                    tasks.create_task(accept(listener, newcomers, context), name="accept")
                    for listener in listeners
                ]
                scheme = "https" if context else "http"
                yield f"{scheme}://{_name(server.host)}:{listeners[0].getsockname()[1]}"
                for task in accepting:
                    task.cancel()
    finally:
        await runner.cleanup()


@contextmanager
def _bound(host: str, port: int) -> Iterator[list[socket.socket]]:
    """Sockets that listen, one on each address of the host. Raises `PortTaken`."""
    with ExitStack() as stack:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            listeners = [
                stack.enter_context(
                    socket.create_server(address[:2], family=family, backlog=BACKLOG)
                )
                for family, _, _, _, address in found
            ]
        except OSError as error:
            raise PortTaken(host, port, error) from error
        for listener in listeners:
            listener.setblocking(False)
        yield listeners


def _name(host: str) -> str:
    """By which this machine can reach the address."""
    if host == "localhost":
        return host
    address = ip_address(host)
    if address.is_unspecified:
        address = ip_address("127.0.0.1" if address.version == 4 else "::1")
    return str(address) if address.version == 4 else f"[{address}]"


def _tls(server: ServerSettings, config: Path) -> ssl.SSLContext | None:
    if server.certificate is None or server.key is None:
        return None
    certificate, key = config / server.certificate, config / server.key
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(certificate, key, password=_no_password)
    except (OSError, ValueError) as error:  # SSLError is an OSError
        reason = getattr(error, "strerror", None) or str(error)
        raise CertificateUnusable(certificate, key, reason) from error
    return context


def _no_password() -> str:
    """Instead of asking for one at the terminal."""
    raise ValueError("the key has a password")
