"""Loading a configuration folder: settings, workflows, automations, and every mistake in them.

The hub, `hub check` and everything else that reads the configuration come through here.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from tzlocal import get_localzone_name

from hub.automations.actions.workflow_run import WorkflowRun
from hub.automations.automation import Automation
from hub.automations.template_environment import TemplateInvalid, check_syntax
from hub.config.documents import Documents
from hub.config.elements import Element, Mapping, Scalar
from hub.config.folders import Folders
from hub.config.problems import Place, Problem, Problems, closest
from hub.config.reader import Reader, Reading
from hub.config.settings import HubSettings, folders_of, read_settings
from hub.errors import NotFound
from hub.triggers.folder import FolderTrigger
from hub.triggers.schedule import ScheduleTrigger
from hub.workflows.workflows import Workflows

FILE = "automations.yaml"


@dataclass(frozen=True, kw_only=True, slots=True)
class Configuration:
    """What a configuration folder says. `broken` are automations that cannot run, with why.

    `time_zone` is that of schedules and of `now()`.
    """

    settings: HubSettings
    time_zone: ZoneInfo
    folders: Folders
    workflows: Workflows
    automations: list[Automation]
    broken: dict[str, str]
    problems: tuple[Problem, ...]


class NoConfiguration(NotFound):
    """There is no configuration folder."""

    def __init__(self, config: Path) -> None:
        super().__init__(
            f"There is no configuration folder {config}. Name one with --config, or go where it is."
        )


def read_configuration(config: Path) -> Configuration:
    """Read the folder. Broken automations and workflows are noted and left out.

    Raises `ConfigurationInvalid` if hub.yaml itself has mistakes, `NoConfiguration`.
    """
    if not config.is_dir():
        raise NoConfiguration(config)
    documents = Documents(config.absolute())
    problems = Problems()
    settings = read_settings(documents, problems)
    problems.refuse()
    return _read(documents, settings, problems)


def find_problems(config: Path) -> tuple[Problem, ...]:
    """Every mistake in the folder, hub.yaml's included. Raises `NoConfiguration`."""
    if not config.is_dir():
        raise NoConfiguration(config)
    documents = Documents(config.absolute())
    problems = Problems()
    settings = read_settings(documents, problems)
    return _read(documents, settings, problems).problems


def _read(documents: Documents, settings: HubSettings, problems: Problems) -> Configuration:
    workflows = Workflows.load(documents, problems)
    folders = folders_of(documents.config, settings)
    zone = _zone(settings.time_zone)
    automations: list[Automation] = []
    broken: dict[str, str] = {}
    path = documents.config / FILE
    reader = Reader(problems)
    taken: set[str] = set()
    for index, reading in enumerate(_readings(documents, path, reader)):
        found = Problems()
        found.extend(reading.problems)
        if reading.value is not None:
            _check(reading.value, reader, workflows, folders, taken, found)
        problems.extend(found)
        if reading.value is not None and not len(found):
            automations.append(reading.value)
        else:
            name = _name(reading, index)
            broken[name] = " ".join(str(problem) for problem in found.in_order())
    return Configuration(
        settings=settings,
        time_zone=zone,
        folders=folders,
        workflows=workflows,
        automations=[_in_zone(automation, zone) for automation in automations],
        broken=broken,
        problems=problems.in_order(),
    )


def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(get_localzone_name() if name == "system" else name)


def _in_zone(automation: Automation, zone: ZoneInfo) -> Automation:
    """Its schedules follow the hub's time zone unless they name their own."""
    triggers = [
        trigger.in_zone(zone.key) if isinstance(trigger, ScheduleTrigger) else trigger
        for trigger in automation.triggers
    ]
    return msgspec.structs.replace(automation, triggers=triggers)


def _readings(documents: Documents, path: Path, reader: Reader) -> list[Reading[Automation]]:
    if not path.exists():
        return []
    return reader.read_each(documents.load(path), Automation)


def _name(reading: Reading[Automation], index: int) -> str:
    """What a broken automation is called: its id, if that can be read."""
    element: Element = reading.element
    if isinstance(element, Mapping) and isinstance(name := element.get("id"), Scalar):
        return name.text
    return f"automation {index + 1}"


def _check(
    automation: Automation,
    reader: Reader,
    workflows: Workflows,
    folders: Folders,
    taken: set[str],
    problems: Problems,
) -> None:
    """What only shows when everything is known: names, folders, templates."""
    place = reader.positions.of
    if automation.id in taken:
        problems.add(place(automation, "id"), f"another automation has the id {automation.id!r}")
    taken.add(automation.id)
    for trigger in automation.triggers:
        if isinstance(trigger, FolderTrigger) and not folders.allows(folders.config / trigger.path):
            message = f"{trigger.path!r} is not among the allowed folders of hub.yaml"
            problems.add(place(trigger, "path"), message, value=trigger.path)
    for action in automation.actions:
        if isinstance(action, WorkflowRun):
            _check_workflow(action, reader, workflows, problems)
        for key, text in _texts(action.data):
            _check_template(text, problems, place(action, "data", *key))


def _check_workflow(
    action: WorkflowRun, reader: Reader, workflows: Workflows, problems: Problems
) -> None:
    name = action.data.workflow
    if name not in workflows.names:
        problems.add(
            reader.positions.of(action.data, "workflow"),
            f"there is no workflow {name!r}",
            value=name,
            suggestion=closest(name, workflows.names),
        )
        return
    declared = next((w.parameters for w in workflows if w.name == name), None)
    if not declared:
        return
    for key in action.data.parameters:
        if key not in declared and "." not in key:
            problems.add(
                reader.positions.of(action.data, "parameters", key),
                f"workflow {name!r} has no parameter {key!r}",
                value=key,
                suggestion=closest(key, declared),
            )


def _texts(data: Any) -> list[tuple[tuple[str | int, ...], str]]:
    """Every text in an action's data, with the way to it."""
    found: list[tuple[tuple[str | int, ...], str]] = []

    def collect(value: Any, way: tuple[str | int, ...]) -> None:
        match value:
            case str():
                found.append((way, value))
            case dict():
                for key, inner in value.items():
                    collect(inner, (*way, key))
            case list():
                for index, inner in enumerate(value):
                    collect(inner, (*way, index))

    collect(msgspec.to_builtins(data), ())
    return found


def _check_template(text: str, problems: Problems, place: Place) -> None:
    try:
        check_syntax(text)
    except TemplateInvalid as error:
        problems.add(place, str(error), value=text)
