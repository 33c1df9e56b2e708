"""Loading a configuration folder: settings, workflows, automations, and every mistake in them.

The hub, `hub check` and everything else that reads the configuration come through here.
"""

import contextlib
import dataclasses
import gc
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
from tzlocal import get_localzone_name

from hub.automations.actions.base import Known
from hub.automations.automation import Automation
from hub.automations.automation_files import Written, read_automations, read_automations_of
from hub.automations.checking import Checking
from hub.automations.reach import Reach
from hub.automations.trial import Trial
from hub.automations.trigger import placed
from hub.config.documents import Documents
from hub.config.folders import Folders
from hub.config.pack_names import check_pack_names
from hub.config.positions import Positions
from hub.config.problems import ConfigurationInvalid, Problem, Problems
from hub.config.reader import Reader
from hub.config.settings import HubSettings, folders_of, read_settings
from hub.errors import NotFound
from hub.storage.last_events import LastEvents
from hub.workflows.workflows import Workflows


@dataclass(frozen=True, kw_only=True, slots=True)
class Configuration:
    """What a configuration folder says. `broken` are automations that cannot run, with why.

    `time_zone` is that of schedules and of `now()`. `written` are the settings that hub.yaml holds
    by now, `settings` those that the hub runs with. `files` are all YAML files that were read;
    `nameless` are mistakes of which it cannot be told which automations they concern.
    """

    settings: HubSettings
    written: HubSettings
    time_zone: ZoneInfo
    folders: Folders
    workflows: Workflows
    automations: list[Automation]
    broken: dict[str, str]
    problems: tuple[Problem, ...]
    nameless: tuple[Problem, ...]
    files: frozenset[Path] = dataclasses.field(compare=False)

    @property
    def written_automations(self) -> set[str] | None:
        """The ids of all, broken ones too; None where a mistake hides some of them."""
        return None if self.nameless else {*(each.id for each in self.automations), *self.broken}


class NoConfiguration(NotFound):
    """There is no configuration folder."""

    def __init__(self, config: Path) -> None:
        super().__init__(
            f"There is no configuration folder {config}. Name one with --config, or go where it is."
        )


@contextlib.contextmanager
def _uncollected() -> Iterator[None]:
    """Without the garbage collector, which would go again and again through all that was read, and
    find that it is needed: an eighth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@_uncollected()
def read_configuration(config: Path) -> Configuration:
    """Read the folder. Broken automations and workflows are noted and left out.

    Raises `ConfigurationInvalid` if hub.yaml itself has mistakes, `NoConfiguration`.
    """
    documents, reader, problems = _begin(config)
    settings = read_settings(documents, reader, problems)
    problems.refuse()
    automations = read_automations(documents, reader)
    return _read(documents, settings, settings, automations, reader, problems)


@_uncollected()
def read_edited(config: Path, text: str, before: Configuration) -> tuple[Configuration, Positions]:
    """Read the folder with `text` in place of its automations, for a hub that runs with the
    settings of `before`; and where everything in it is written. Raises `NoConfiguration`."""
    documents, reader, problems = _begin(config)
    automations = read_automations_of(text, documents, reader)
    read = _read(documents, before.settings, before.written, automations, reader, problems)
    return read, reader.positions


@_uncollected()
def problems_of_edited(
    config: Path, file: Path, text: str, before: Configuration
) -> tuple[Problem, ...]:
    """Every mistake in the folder's automations if `file` held `text`, for a hub that runs with the
    settings of `before`. Raises `NoConfiguration`."""
    documents, reader, problems = _begin(config)
    automations = read_automations(documents, reader, {file: text})
    return _read(documents, before.settings, before.written, automations, reader, problems).problems


@_uncollected()
def read_again(config: Path, before: Configuration) -> Configuration:
    """Read the folder for a hub that runs with the settings of `before`, but for the limits of
    retention and the allowed folders, which hold at once.

    Raises `ConfigurationInvalid` also where it cannot be told which automations there are: what
    runs would otherwise end for a mistake in a file.
    """
    documents, reader, problems = _begin(config)
    written = read_settings(documents, reader, problems)
    problems.refuse()
    automations = read_automations(documents, reader)
    at_once = {"retention": written.retention, "folders": written.folders}
    settings = msgspec.structs.replace(before.settings, **at_once)
    read = _read(documents, settings, written, automations, reader, problems)
    if read.nameless:
        raise ConfigurationInvalid(read.nameless)
    return read


@_uncollected()
def read_all(config: Path) -> Configuration:
    """Read the folder, also where hub.yaml has mistakes: they are among its problems.

    Raises `NoConfiguration`.
    """
    documents, reader, problems = _begin(config)
    settings = read_settings(documents, reader, problems)
    automations = read_automations(documents, reader)
    return _read(documents, settings, settings, automations, reader, problems)


def find_problems(config: Path) -> tuple[Problem, ...]:
    """Every mistake in the folder, hub.yaml's included. Raises `NoConfiguration`."""
    return read_all(config).problems


def _begin(config: Path) -> tuple[Documents, Reader, Problems]:
    if not config.is_dir():
        raise NoConfiguration(config)
    problems = Problems()
    return Documents(config.absolute()), Reader(problems), problems


def _read(
    documents: Documents,
    settings: HubSettings,
    written: HubSettings,
    found: Iterable[Written],
    reader: Reader,
    problems: Problems,
) -> Configuration:
    workflows = Workflows.load(documents, problems)
    folders = folders_of(documents, settings, problems)
    check_pack_names(settings, reader.positions, folders.packs, problems)
    zone = _zone(settings.time_zone)
    known = Known(workflows=workflows, settings=settings, reach=Reach(folders))
    with Trial(documents.config, zone) as trial, LastEvents(folders.database) as past:
        checking = Checking(reader, known, folders.config, trial, past)
        sound, broken, nameless = _told_apart(found, checking, problems)
    return Configuration(
        settings=settings,
        written=written,
        time_zone=zone,
        folders=folders,
        workflows=workflows,
        automations=[_placed(automation, zone, settings) for automation in sound],
        broken=broken,
        problems=problems.in_order(),
        nameless=nameless,
        files=frozenset(documents.files),
    )


def _told_apart(
    written: Iterable[Written], checking: Checking, problems: Problems
) -> tuple[list[Automation], dict[str, str], tuple[Problem, ...]]:
    """Automations that can be used, why others cannot, and mistakes of which it cannot be told
    whose they are."""
    sound: list[Automation] = []
    broken: dict[str, str] = {}
    nameless = Problems()
    names = set()
    for one in written:
        names.add(one.name)
        found = Problems()
        found.extend(one.problems)
        if one.value is not None:
            found.extend(checking.of(one.value))
        found = one.explained(found)
        problems.extend([*found, *one.warnings])
        if one.value is not None and not len(found):
            sound.append(one.value)
            problems.extend(one.explained(checking.warnings_of(one.value)))
        else:
            broken[one.name] = " ".join(map(str, found.in_order()))
        if one.is_nameless:
            nameless.extend(found)
    problems.extend(checking.unknown_names(names))
    return sound, broken, nameless.in_order()


def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(get_localzone_name() if name == "system" else name)


def _placed(automation: Automation, zone: ZoneInfo, settings: HubSettings) -> Automation:
    """Its triggers in the hub's time zone and at its place, unless they name their own."""
    triggers = [placed(trigger, zone, settings.location) for trigger in automation.triggers]
    return msgspec.structs.replace(automation, triggers=triggers)
