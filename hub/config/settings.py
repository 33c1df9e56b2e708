"""The settings in hub.yaml."""

import zoneinfo
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from hub.config.delivery_settings import DeliverySettings
from hub.config.documents import Documents
from hub.config.engine_settings import EngineSettings
from hub.config.extra_model_paths import read_extra_model_paths
from hub.config.fields import ByteCount, OneOrMany, checked
from hub.config.folders import Allowed, Folders
from hub.config.log_settings import LogSettings
from hub.config.model_folders import PACKS
from hub.config.model_settings import ModelSettings
from hub.config.packages import with_packages
from hub.config.problems import Problems, closest
from hub.config.reader import Reader
from hub.config.retention_settings import RetentionSettings
from hub.config.scalars import Unfit
from hub.config.server_settings import ServerSettings
from hub.config.worker_settings import check_worker_names

FILE = "hub.yaml"
ON_FAILURE = "on_failure"  # the one name under `notify:` that stands for no address


def known_zone(name: str) -> None:
    """Raises `Unfit` for a time zone that nobody knows."""
    known = {"system", *zoneinfo.available_timezones()}
    if name not in known:
        raise Unfit("`system` or a time zone such as Europe/Berlin", closest(name, known))


def owner_is_known(notify: dict[str, list[str]]) -> None:
    """Raises `ValueError` if the owner is somebody who is not named."""
    for name in notify.get(ON_FAILURE, ()):
        if name not in notify or name == ON_FAILURE:
            near = closest(name, notify.keys() - {ON_FAILURE})
            hint = f"; did you mean {near!r}?" if near else ": give it an address under that name"
            raise ValueError(f"has no {name!r} for `{ON_FAILURE}`{hint}")


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
    apart: Annotated[
        OneOrMany[str],
        Meta(
            description="Packs that must not share a process with others: each has a worker of its"
            " own, and is loaded nowhere else."
        ),
    ] = []


class LocationSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The `location:` section: where the hub is, for sunrise and sunset."""

    latitude: Annotated[
        Annotated[float, Meta(ge=-90, le=90)] | None,
        Meta(description="Degrees north, for `sun` triggers."),
    ] = None
    longitude: Annotated[
        Annotated[float, Meta(ge=-180, le=180)] | None,
        Meta(description="Degrees east, for `sun` triggers."),
    ] = None

    def __post_init__(self) -> None:
        if (self.latitude is None) != (self.longitude is None):
            raise ValueError("A `location` has both `latitude` and `longitude`.")


class HubSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All of hub.yaml. Relative paths count from the configuration folder."""

    server: ServerSettings = ServerSettings()
    data: Annotated[
        str,
        Meta(
            description="Folder for the database, inputs, outputs and work in progress.",
            min_length=1,
        ),
    ] = "data"
    output: Annotated[
        str | None, Meta(description="Folder for outputs, instead of `output` in the data folder.")
    ] = None
    folders: FolderSettings = FolderSettings()
    packs: PackSettings = PackSettings()
    models: ModelSettings = ModelSettings()
    time_zone: Annotated[
        str,
        Meta(
            description="Zone of schedules and of `now()` in templates; `system` is the machine's."
        ),
        checked(known_zone),
    ] = "system"
    location: LocationSettings = LocationSettings()
    minimum_free: Annotated[
        ByteCount,
        Meta(description="Nothing new is accepted while less than this is free on the data disk."),
    ] = 256 * 2**20
    retention: RetentionSettings = RetentionSettings()
    engine: EngineSettings = EngineSettings()
    deliveries: DeliverySettings = DeliverySettings()
    log: LogSettings = LogSettings()
    packages: Annotated[
        dict[str, Any],
        Meta(
            description="Settings and `automations` that belong together, by names, such as"
            " `!include_dir_named packages`: a file for each. They count as if they stood here."
        ),
    ] = {}
    notify: Annotated[
        dict[str, OneOrMany[str]],
        Meta(
            description="Whom `notify` can reach, by names: addresses as Apprise writes them, such"
            " as `mailtos://…`. Use `!secret`; they hold passwords. `on_failure` lists those of the"
            " names that are told when something fails, is quarantined or was missed."
        ),
        checked(owner_is_known),
    ] = {}

    @property
    def notifiable(self) -> dict[str, list[str]]:
        """Whom `notify` can reach, with their addresses."""
        return {name: urls for name, urls in self.notify.items() if name != ON_FAILURE}

    @property
    def owner(self) -> list[str]:
        """Those of them who want to know what went wrong."""
        return self.notify.get(ON_FAILURE, [])


def load_settings(config: Path) -> tuple[HubSettings, Folders]:
    """Read hub.yaml; without one, the defaults. Raises `ConfigurationInvalid` with its mistakes."""
    problems = Problems()
    documents = Documents(config.absolute())
    settings = read_settings(documents, Reader(problems), problems)
    problems.refuse()
    return settings, folders_of(documents, settings, problems)


def read_settings(
    documents: Documents, reader: Reader, problems: Problems, text: str | None = None
) -> HubSettings:
    """The settings, with their mistakes noted; the defaults where they cannot be read. A `text` is
    read as if it stood in the file."""
    path = documents.config / FILE
    if text is None and not path.exists():
        return HubSettings()
    element = documents.load(path) if text is None else documents.load_text(text, path)
    settings = reader.read(with_packages(element, problems), HubSettings) or HubSettings()
    check_worker_names(settings.engine.workers, reader.positions, problems)
    settings.models.warn_of_missing(documents.config, reader.positions, problems)
    return settings


def changed_settings(before: Any, after: Any, *, within: str = "") -> tuple[str, ...]:
    """The dotted names of the settings that differ."""
    names: list[str] = []
    for field in msgspec.structs.fields(before):
        old, new = getattr(before, field.name), getattr(after, field.name)
        name = f"{within}{field.encode_name}"
        if isinstance(old, msgspec.Struct) and type(old) is type(new):
            names += changed_settings(old, new, within=f"{name}.")
        elif old != new:
            names.append(name)
    return tuple(names)


def folders_of(documents: Documents, settings: HubSettings, problems: Problems) -> Folders:
    """The folders that the settings and `extra_model_paths.yaml` name, absolute."""
    base = documents.config
    further = settings.models.further(base) + read_extra_model_paths(documents, problems)
    return Folders(
        config=base,
        data=base / settings.data,
        output_folder=None if settings.output is None else base / settings.output,
        allowed=Allowed(tuple(base / folder for folder in settings.folders.allow)),
        packs=(
            base / PACKS,
            *(base / folder for folder in settings.packs.folders),
            *(Path(one.folder) for one in further if one.kind == PACKS),
        ),
        chosen_packs=tuple(settings.packs.allow),
        packs_apart=tuple(settings.packs.apart),
        further_models=tuple(one for one in further if one.kind != PACKS),
    )
