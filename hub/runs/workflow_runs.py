"""Runs of saved workflows: parameters filled in, files admitted, then asked for like any other."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

from hub.config.folders import Folders
from hub.errors import Invalid, NotFound
from hub.records.media import Inspection
from hub.records.run import Origin, Run
from hub.runs.request import RunRequest
from hub.runs.service import Runs
from hub.workflows.filling import fill
from hub.workflows.workflows import Workflows

_STORE_NAME = re.compile(r"[0-9a-f]{64}\.[a-z0-9]{1,8}")


class Probe(Protocol):
    """Opens files from outside."""

    async def inspect(self, path: Path) -> Inspection: ...


class InputStore(Protocol):
    """Keeps input files by their hash."""

    async def admit(self, path: Path, inspection: Inspection) -> str: ...

    def path_of(self, name: str) -> Path: ...


class UnusableFile(Invalid):
    """A file that was given for a parameter cannot be used."""

    def __init__(self, parameter: str, path: Path, problem: str) -> None:
        super().__init__(f"Parameter {parameter!r}: {path} {problem}.")


class WorkflowRuns:
    """Starts saved workflows by name."""

    def __init__(
        self,
        *,
        runs: Runs,
        workflows: Callable[[], Workflows],
        probe: Probe,
        inputs: InputStore,
        folders: Folders,
    ) -> None:
        self._runs = runs
        self._workflows = workflows
        self._probe = probe
        self._inputs = inputs
        self._folders = folders

    async def start(
        self, name: str, values: Mapping[str, Any], *, origin: Origin, priority: int = 0
    ) -> Run:
        """Fill in, check, commit and queue. Raises `Invalid` or `NotFound` with the reason."""
        request = await self.request(name, values, origin=origin, priority=priority)
        return (await self._runs.enqueue(request)).run

    async def request(
        self,
        name: str,
        values: Mapping[str, Any],
        *,
        admitted: Mapping[str, str] | None = None,
        **details: Any,
    ) -> RunRequest:
        """What to ask for. `admitted` names files that are in the input store already, by path."""
        workflow = self._workflows().get(name)
        filled = fill(workflow, values)
        files = {
            parameter: [await self._admit(parameter, path, admitted or {}) for path in paths]
            for parameter, paths in filled.files.items()
        }
        return RunRequest(
            graph=filled.with_files(files),
            workflow=name,
            parameters=filled.values,
            **details,
        )

    async def _admit(self, parameter: str, name: str, admitted: Mapping[str, str]) -> str:
        if name in admitted:
            return admitted[name]
        if _STORE_NAME.fullmatch(name):
            if not self._inputs.path_of(name).exists():
                raise NotFound(f"Parameter {parameter!r}: the input store has no file {name}.")
            return name
        path = self._folders.config / name
        if not self._folders.allows(path):
            raise UnusableFile(parameter, path, "lies outside the folders that may be used")
        inspection = await self._probe.inspect(path)
        if inspection.problem is not None:
            raise UnusableFile(parameter, path, inspection.problem)
        return await self._inputs.admit(path, inspection)
