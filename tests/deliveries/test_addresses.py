"""Which addresses may be reached."""

import socket

import aiohttp
import pytest

from hub.deliveries.addresses import PrivateAddress, is_public, public_socket
from tests.deliveries.receiver import receiving


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34", "64:ff9b::5db8:d822"]
)
def test_the_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0"),
        *("100.64.0.1", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0"),
        *("fd00::1", "ff02::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "name"),
    ],
)
def test_this_machine_and_the_local_network_are_not(address: str) -> None:
    assert not is_public(address)


def test_no_socket_is_made_for_a_private_address() -> None:
    info = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 80))
    with pytest.raises(PrivateAddress, match="this machine or the local network"):
        public_socket(info)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "127.1", "0x7f.1"])
async def test_no_spelling_leads_to_this_machine(host: str) -> None:
    async with receiving() as receiver:
        port = receiver.url.rpartition(":")[2]
        connector = aiohttp.TCPConnector(socket_factory=public_socket)
        async with aiohttp.ClientSession(connector=connector) as session:
            with pytest.raises(aiohttp.ClientError):
                await session.post(f"http://{host}:{port}")
    assert receiver.received == []
