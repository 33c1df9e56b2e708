"""The settings in hub.yaml."""

import zoneinfo
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from hub.config.documents import Documents
from hub.config.engine_settings import EngineSettings
from hub.config.fields import ByteCount, OneOrMany, checked
from hub.config.folders import Folders
from hub.config.problems import Problems, closest
from hub.config.reader import Reader
from hub.config.scalars import Unfit

FILE = "hub.yaml"
PACKS = "custom_nodes"


def loopback(host: str) -> None:
    """Raises `Unfit` for an address that others could reach."""
    if host == "localhost":
        return
    try:
        if ip_address(host).is_loopback:
            return
    except ValueError:
        pass
    raise Unfit(
        "a loopback address such as 127.0.0.1 (any other would need a login, which this version"
        " does not have yet)"
    )


def known_zone(name: str) -> None:
    """Raises `Unfit` for a time zone that nobody knows."""
    known = {"system", *zoneinfo.available_timezones()}
    if name not in known:
        raise Unfit("`system` or a time zone such as Europe/Berlin", closest(name, known))


class ServerSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The `server:` section."""

    host: Annotated[
        str,
        Meta(description="Address to listen on; only this machine's own for now."),
        checked(loopback),
    ] = "127.0.0.1"
    port: Annotated[int, Meta(description="Port to listen on.", ge=1, le=65535)] = 8188


class FolderSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The `folders:` section."""

    allow: Annotated[
        OneOrMany[str],
        Meta(description="Folders that triggers may watch and actions may write to."),
    ] = []


class PackSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The `packs:` section."""

    folders: Annotated[
        OneOrMany[str],
        Meta(description="Folders of node packs, besides `custom_nodes` beside `hub.yaml`."),
    ] = []
    allow: Annotated[
        OneOrMany[str],
        Meta(description="Only these packs are loaded, by folder or file name. Empty: all."),
    ] = []


class HubSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All of hub.yaml. Relative paths count from the configuration folder."""

    server: ServerSettings = ServerSettings()
    data: Annotated[
        str, Meta(description="Folder for the database, inputs, outputs and work in progress.")
    ] = "data"
    output: Annotated[
        str | None, Meta(description="Folder for outputs, instead of `output` in the data folder.")
    ] = None
    folders: FolderSettings = FolderSettings()
    packs: PackSettings = PackSettings()
    time_zone: Annotated[
        str,
        Meta(
            description="Zone of schedules and of `now()` in templates; `system` is the machine's."
        ),
        checked(known_zone),
    ] = "system"
    minimum_free: Annotated[
        ByteCount,
        Meta(description="Nothing new is accepted while less than this is free on the data disk."),
    ] = 256 * 2**20
    engine: EngineSettings = EngineSettings()


def load_settings(config: Path) -> tuple[HubSettings, Folders]:
    """Read hub.yaml; without one, the defaults. Raises `ConfigurationInvalid` with its mistakes."""
    problems = Problems()
    settings = read_settings(Documents(config.absolute()), problems)
    problems.refuse()
    return settings, folders_of(config, settings)


def read_settings(documents: Documents, problems: Problems) -> HubSettings:
    """The settings, with their mistakes noted; the defaults where they cannot be read."""
    path = documents.config / FILE
    if not path.exists():
        return HubSettings()
    return Reader(problems).read(documents.load(path), HubSettings) or HubSettings()


def folders_of(config: Path, settings: HubSettings) -> Folders:
    """The folders that the settings name, absolute."""
    base = config.absolute()
    return Folders(
        config=base,
        data=base / settings.data,
        output_folder=None if settings.output is None else base / settings.output,
        allowed=tuple(base / folder for folder in settings.folders.allow),
        packs=(base / PACKS, *(base / folder for folder in settings.packs.folders)),
        chosen_packs=tuple(settings.packs.allow),
    )
