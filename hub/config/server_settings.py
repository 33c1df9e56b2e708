"""The `server:` section of hub.yaml: where the hub listens, and for whom."""

import re
from datetime import timedelta
from functools import lru_cache
from ipaddress import ip_address, ip_network
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from hub.config.fields import ByteCount, OneOrMany, checked
from hub.config.scalars import Unfit

_ORIGIN = re.compile(
    r"(?!http://[^/]*:80$|https://[^/]*:443$)"
    r"[a-z][a-z0-9+.-]*://([a-z0-9._-]+|\[[0-9a-f:]+\])(:[0-9]{1,5})?"
)


def address(host: str) -> None:
    """Raises `Unfit` for what is neither an address nor `localhost`."""
    if host == "localhost":
        return
    try:
        ip_address(host)
    except ValueError:
        raise Unfit("an address such as 127.0.0.1, 0.0.0.0 (all of this machine's) or ::") from None


def networks(texts: list[str]) -> None:
    """Raises `Unfit` for what is no network."""
    for text in texts:
        try:
            ip_network(text)
        except ValueError:
            raise Unfit("addresses or networks such as 10.0.0.0/8") from None


def host_names(texts: list[str]) -> None:
    """Raises `Unfit` for what is no name of a host."""
    for text in texts:
        if not text or set(text) & set(":/@ ") or not text.isascii():
            raise Unfit("names such as hub.example.org, without scheme and port")


def origins(texts: list[str]) -> None:
    """Raises `Unfit` for what no browser sends as the origin of a page. `null`, which pages without
    an origin have, could be anybody."""
    for text in texts:
        if text != "*" and not _ORIGIN.fullmatch(text):
            raise Unfit(
                "origins as browsers send them, such as https://app.example.org or"
                " http://localhost:3000: in small letters, without path, slash at the end or usual"
                " port; or *"
            )


class ServerSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The `server:` section."""

    host: Annotated[
        str,
        Meta(
            description="Address to listen on. Any but this machine's own loopback addresses makes"
            " everybody log in."
        ),
        checked(address),
    ] = "127.0.0.1"
    port: Annotated[int, Meta(description="Port to listen on.", ge=1, le=65535)] = 8188
    start_page: Annotated[
        Literal["hub", "editor"],
        Meta(
            description="What is at `/`: the hub's own page, which is at `/hub` too, or ComfyUI's"
            " editor, which is at `/editor/` too, if it is installed."
        ),
    ] = "hub"
    login: Annotated[
        Literal["always", "auto"],
        Meta(
            description="`auto`: programs and browsers of this machine need no login while the hub"
            " listens on a loopback address and has no `names`; `always`: they do too."
        ),
    ] = "auto"
    names: Annotated[
        OneOrMany[str],
        Meta(
            description="Names under which the hub is reached, such as `hub.example.org`, besides"
            " addresses and this machine's own name."
        ),
        checked(host_names),
    ] = []
    trusted_proxies: Annotated[
        OneOrMany[str],
        Meta(
            description="Addresses or networks of proxies whose `X-Forwarded-For`, `-Proto` and"
            " `-Host` say where a request comes from. Whoever comes through another proxy is not"
            " local."
        ),
        checked(networks),
    ] = []
    cors: Annotated[
        OneOrMany[str],
        Meta(
            description="Origins whose pages may talk to the hub as its own page does, such as"
            " `https://app.example.org`. With `*` those of any other may too, but each request"
            " must show a token. [More](security.md#pages-of-other-sites)"
        ),
        checked(origins),
    ] = []
    certificate: Annotated[
        str | None, Meta(description="PEM file of the certificate (chain), for HTTPS.")
    ] = None
    key: Annotated[str | None, Meta(description="PEM file of its private key.")] = None

    max_body: Annotated[
        ByteCount,
        Meta(description="Largest body of a request that is no upload of a single file.", ge=1024),
    ] = 100 << 20  # as ComfyUI
    max_upload: Annotated[
        ByteCount, Meta(description="Largest file that is uploaded as a body by itself.", ge=1024)
    ] = 4 << 30
    max_sockets: Annotated[
        int, Meta(description="How many WebSockets and streams may be open at once.", ge=1)
    ] = 1000
    max_connections: Annotated[
        int, Meta(description="How many connections of any kind may be open at once.", ge=1)
    ] = 4000
    max_connections_each: Annotated[
        int,
        Meta(
            description="How many of them may come from one address, or of IPv6 from one /64"
            " network. This machine and `trusted_proxies` have no such limit.",
            ge=1,
        ),
    ] = 256
    patience: Annotated[
        timedelta,
        Meta(
            description="How long a connection may be without a request before it is closed, and"
            " how long the body of a request may come slower than 1 kB a second."
        ),
    ] = timedelta(seconds=75)
    max_queue: Annotated[
        int,
        Meta(
            description="While so many runs are not done, requests for further ones are refused;"
            " automations still add theirs.",
            ge=1,
        ),
    ] = 20_000

    def __post_init__(self) -> None:
        if (self.certificate is None) != (self.key is None):
            raise ValueError("HTTPS needs both `certificate` and `key`.")
        if self.patience <= timedelta():
            raise ValueError("`patience` must be a time above 0.")

    def only_here(self) -> "ServerSettings":
        """The same for one who serves nobody but itself."""
        return msgspec.structs.replace(self, host="127.0.0.1", certificate=None, key=None)

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach the address."""
        return _is_local(self.host)

    @property
    def everybody_logs_in(self) -> bool:
        """Whether programs and browsers of this machine do as well."""
        return self.login == "always" or not self.is_local or bool(self.names)


@lru_cache(maxsize=10)  # every request asks
def _is_local(host: str) -> bool:
    return host == "localhost" or ip_address(host).is_loopback
