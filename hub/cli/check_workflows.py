"""`hub check --workflow PATH`: what keeps workflows from being run, without running a hub."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from hub.automations.loading import NoConfiguration
from hub.cli.console import out
from hub.cli.main import HERE
from hub.config.problems import Problems
from hub.config.settings import load_settings
from hub.engine.catalogue import Catalogue, NamedFiles
from hub.engine.findings import Finding, find_faults
from hub.engine.folder_files import FolderFiles
from hub.errors import NotFound
from hub.workflows.graph_file import read_graph

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
    reports = await asyncio.to_thread(_check_all, config, paths)
    if as_json:
        fields = ("file", "verdict", "outputs", "mistakes")
        told = [{name: getattr(report, name) for name in fields} for report in reports]
        out.print_json(json.dumps(told))
    else:
        for report in reports:
            _tell(report)
    return 0 if all(report.verdict == "ok" for report in reports) else 1


def _check_all(config: Path, paths: list[Path]) -> list[_Report]:
    files: NamedFiles = EveryFile()
    if config != HERE and not config.exists():
        raise NoConfiguration(config)
    if config.exists():
        _, folders = load_settings(config)
        files = FolderFiles(folders)
    catalogue = Catalogue.builtin(files)
    return [_check(file, catalogue) for path in paths for file in _files(path)]


def _files(path: Path) -> list[Path]:
    files = sorted(path.glob("*.json")) if path.is_dir() else [path]
    if not files or not path.exists():
        raise NothingToCheck(path)
    return files


def _check(file: Path, catalogue: Catalogue) -> _Report:
    problems = Problems()
    graph = read_graph(file, str(file), problems)
    if graph is None:
        found = problems.in_order()
        mistakes = [_facts(problem) | {"type": "unreadable"} for problem in found]
        lines = [f"line {item.line}, column {item.column}: {item.message}" for item in found]
        return _Report(file=str(file), verdict="refused", mistakes=mistakes, lines=lines)
    result = find_faults(graph, catalogue)
    verdict = "ok" if not result.findings else "partly" if result.outputs else "refused"
    return _Report(
        file=str(file),
        verdict=verdict,
        outputs=result.outputs,
        mistakes=[_facts(finding) for finding in result.findings],
        lines=list(map(_line, result.findings)),
    )


def _facts(item: Any) -> dict[str, Any]:
    """The fields that say something."""
    facts = asdict(item)
    facts.pop("file", None)
    return {name: value for name, value in facts.items() if value is not None}


def _line(finding: Finding) -> str:
    return " ".join(_words(finding))


def _words(finding: Finding) -> Iterator[str]:
    if finding.class_type is not None:
        yield f"node {finding.node}"
        if finding.title and finding.title != finding.class_type:
            yield f'"{finding.title}"'
        yield f"({finding.class_type}):"
    yield finding.message
    if finding.suggestion:
        yield f"(did you mean {finding.suggestion!r}?)"


def _tell(report: _Report) -> None:
    count = len(report.lines)
    mistakes = f"; {count} mistake{'s' if count != 1 else ''}" if count else ""
    verdict = f"{report.file}: {_VERDICTS[report.verdict]}{mistakes}."
    out.print(verdict, markup=False, highlight=False, soft_wrap=True)
    for line in report.lines:
        out.print(f"  {line}", markup=False, highlight=False, soft_wrap=True)
