"""`hub check`: the loader of the hub itself, used to tell mistakes."""

import asyncio
import json
from dataclasses import asdict
from pathlib import Path

from hub.automations.loading import Configuration, read_all
from hub.cli.console import err, out
from hub.config.problems import Place, Problem, Problems
from hub.engine.catalogue import Catalogue
from hub.engine.folder_files import FolderFiles
from hub.engine.model_inventory import missing_models
from hub.workflows.filling import as_it_stands


async def check_configuration(config: Path, *, as_json: bool) -> int:
    """0 if there are no mistakes; a warning is told, but is none."""
    problems = await asyncio.to_thread(_find, config)
    warnings = sum(problem.warning for problem in problems)
    mistakes = len(problems) - warnings
    if as_json:
        out.print_json(json.dumps([asdict(problem) for problem in problems]))
    else:
        for problem in problems:
            err.print(str(problem), markup=False, highlight=False, soft_wrap=True)
        counts = f"{_count(mistakes, 'mistake')}, {_count(warnings, 'warning')}"
        verdict = f"{config}: {counts if warnings else _count(mistakes, 'mistake')}."
        out.print(verdict, markup=False, highlight=False, soft_wrap=True)
    return 1 if mistakes else 0


def _find(config: Path) -> tuple[Problem, ...]:
    read = read_all(config)
    problems = Problems()
    problems.extend(read.problems)
    _warn_of_missing_models(read, problems)
    return problems.in_order()


def _warn_of_missing_models(read: Configuration, problems: Problems) -> None:
    """No mistake: a file may still be on its way, and nodes of packs may know further folders."""
    files = FolderFiles(read.folders)
    catalogue = Catalogue.builtin(files)
    for workflow in read.workflows:
        graph, given = as_it_stands(workflow)
        for missing in missing_models(graph, catalogue, files, given):
            message = (
                f"workflow {workflow.name!r} needs {missing.name!r} for node {missing.node}"
                f" ({missing.class_type}), which is not there; put it into"
                f" {missing.folder or 'a folder for it'}"
            )
            problems.warn(
                Place(f"workflows/{workflow.name}.json"),
                message,
                value=missing.name,
                suggestion=missing.suggestion,
            )


def _count(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"
