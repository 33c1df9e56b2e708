"""`hub check --workflow PATH`: what keeps workflows from being run."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from hub.automations.loading import NoConfiguration
from hub.cli.connection import Connection, running_hub
from hub.cli.console import out
from hub.cli.options import HERE
from hub.config.documents import Documents
from hub.config.problems import Problems
from hub.config.settings import load_settings
from hub.engine.catalogue import Catalogue, NamedFiles
from hub.engine.findings import Findings, find_faults
from hub.engine.folder_files import FolderFiles
from hub.errors import NotFound
from hub.workflows.graph_file import read_graph
from hub.workflows.importing import FOLDER
from hub.workflows.workflows import Workflows

Graph = dict[str, Any]
Place = tuple[str, str]
"""A node's id and the name of one of its inputs."""

Find = Callable[[Graph, set[Place]], Awaitable[Findings]]
_VERDICTS = {"ok": "can be run", "partly": "can be run in part", "refused": "cannot be run"}


class NothingToCheck(NotFound):
    """A path leads to no workflow file."""

    def __init__(self, path: Path) -> None:
        lacking = "holds no .json file" if path.is_dir() else "is neither a file nor a folder"
        super().__init__(f"{path} {lacking}. Name a workflow in API format, or a folder of them.")


class EveryFile:
    """Files of all names are there, where nothing says in which folders they would be."""

    def list_folder(self, folder: str) -> list[str]:
        return []

    def folder_has(self, folder: str, name: str) -> bool:
        return bool(name)

    def path_of(self, folder: str) -> None:
        """Nowhere."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Report:
    """What there is to say of one file. `mistakes` are for programs, `lines` for people."""

    file: str
    verdict: str
    outputs: tuple[str, ...] = ()
    mistakes: list[dict[str, Any]]
    lines: list[str]


async def check_workflows(config: Path, paths: list[Path], *, as_json: bool) -> int:
    """0 if all can be run for all their outputs. Raises `NothingToCheck`."""
    given = await asyncio.to_thread(_files_to_check, config, paths)
    async with _finder(config) as find:
        reports = [await _check(file, find, places) for file, places in given.items()]
    if as_json:
        fields = ("file", "verdict", "outputs", "mistakes")
        told = [{name: getattr(report, name) for name in fields} for report in reports]
        out.print_json(json.dumps(told))
    else:
        for report in reports:
            _tell(report)
    return 0 if all(report.verdict == "ok" for report in reports) else 1


@asynccontextmanager
async def _finder(config: Path) -> AsyncIterator[Find]:
    """The running hub, which knows its node packs, or what this process knows."""
    if not await asyncio.to_thread(config.exists):
        yield await _find_here(EveryFile())
        return
    async with running_hub(config) as hub:
        if hub is None:
            _, folders = await asyncio.to_thread(load_settings, config)
            yield await _find_here(FolderFiles(folders))
        else:
            yield partial(_find_there, hub)


async def _find_here(files: NamedFiles) -> Find:
    catalogue = await asyncio.to_thread(Catalogue.builtin, files)

    async def find(graph: Graph, given: set[Place]) -> Findings:
        return await asyncio.to_thread(find_faults, graph, catalogue, given)

    return find


async def _find_there(hub: Connection, graph: Graph, given: set[Place]) -> Findings:
    wanted = {"graph": graph, "given": sorted(given)}
    return msgspec.convert(await hub.post("/api/hub/check", wanted), Findings)


def _files_to_check(config: Path, paths: list[Path]) -> dict[Path, set[Place]]:
    """The files of workflows; of saved ones also the inputs that each run is given a file for."""
    if config != HERE and not config.exists():
        raise NoConfiguration(config)
    found = [file for path in paths for file in _files(path)]
    given = _given_to_runs(config) if config.exists() else {}
    return {file: given.get(file.resolve(), set()) for file in found}


def _given_to_runs(config: Path) -> dict[Path, set[Place]]:
    folder = (config / FOLDER).resolve()
    return {
        folder / f"{workflow.name}.json": {
            (node, parameter.input)
            for parameter in workflow.parameters.values()
            if parameter.type.is_file and parameter.required
            for node in parameter.node
        }
        for workflow in Workflows.load(Documents(config.absolute()), Problems())
    }


def _files(path: Path) -> list[Path]:
    files = sorted(path.glob("*.json")) if path.is_dir() else [path]
    if not files or not path.exists():
        raise NothingToCheck(path)
    return files


async def _check(file: Path, find: Find, given: set[Place]) -> _Report:
    problems = Problems()
    graph = await asyncio.to_thread(read_graph, file, str(file), problems)
    if graph is None:
        found = problems.in_order()
        mistakes = [_facts(problem) | {"type": "unreadable"} for problem in found]
        lines = [f"line {item.line}, column {item.column}: {item.message}" for item in found]
        return _Report(file=str(file), verdict="refused", mistakes=mistakes, lines=lines)
    result = await find(graph, given)
    verdict = "ok" if not result.findings else "partly" if result.outputs else "refused"
    return _Report(
        file=str(file),
        verdict=verdict,
        outputs=result.outputs,
        mistakes=[_facts(finding) for finding in result.findings],
        lines=list(map(str, result.findings)),
    )


def _facts(item: Any) -> dict[str, Any]:
    """The fields that say something."""
    facts = asdict(item)
    facts.pop("file", None)
    return {name: value for name, value in facts.items() if value is not None}


def _tell(report: _Report) -> None:
    count = len(report.lines)
    mistakes = f"; {count} mistake{'s' if count != 1 else ''}" if count else ""
    verdict = f"{report.file}: {_VERDICTS[report.verdict]}{mistakes}."
    out.print(verdict, markup=False, highlight=False, soft_wrap=True)
    for line in report.lines:
        out.print(f"  {line}", markup=False, highlight=False, soft_wrap=True)
