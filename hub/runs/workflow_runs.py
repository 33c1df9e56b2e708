"""Runs of saved workflows: parameters filled in, files admitted, then asked for like any other."""

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

from hub.config.folders import Folders
from hub.errors import Invalid, NotFound
from hub.records.media import Inspection
from hub.records.run import Origin, Run
from hub.runs.request import RunRequest
from hub.runs.service import Runs
from hub.storage.input_store import STORE_NAME
from hub.workflows.filling import fill
from hub.workflows.limits import within_limits
from hub.workflows.workflow import Workflow
from hub.workflows.workflows import Workflows


class Probe(Protocol):
    """Opens files from outside."""

    async def inspect(self, path: Path) -> Inspection: ...


class InputStore(Protocol):
    """Keeps input files by their hash."""

    async def admit(self, path: Path, inspection: Inspection) -> str: ...

    def path_of(self, name: str) -> Path: ...

    async def touch(self, name: str) -> bool: ...


class UnusableFile(Invalid):
    """A file or folder that was given for a parameter cannot be used."""

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
        self, name: str, values: Mapping[str, Any], *, origin: Origin, **details: Any
    ) -> Run:
        """Fill in, check, commit and queue; `details` are of the `RunRequest`.

        Raises `Invalid` or `NotFound` with the reason.
        """
        request = await self.request(name, values, origin=origin, **details)
        return (await self._runs.enqueue(request)).run

    def workflow(self, name: str) -> Workflow:
        """As it stands. Raises `NotFound`, or `Invalid` for a broken one."""
        return self._workflows().get(name)

    def within_limits(
        self, name: str, values: Mapping[str, Any]
    ) -> tuple[dict[str, Any], list[str]]:
        """Values for a workflow with each number in its limits, and in words which were not.

        Raises `Invalid` or `NotFound`.
        """
        return within_limits(self._workflows().get(name).parameters, values)

    async def request(
        self,
        name: str,
        values: Mapping[str, Any],
        *,
        admitted: Mapping[str, str] | None = None,
        extra: Mapping[str, Any] | None = None,
        **details: Any,
    ) -> RunRequest:
        """What to ask for. `admitted` names files that are in the input store already, by path."""
        workflow = self._workflows().get(name)
        filled = fill(workflow, values)
        files = {
            parameter: [await self._admit(parameter, path, admitted or {}) for path in paths]
            for parameter, paths in filled.files.items()
        }
        for parameter, path in filled.folders.items():
            filled.put(filled.places[parameter], await self._folder(parameter, path))
        return RunRequest(
            graph=filled.with_files(files),
            workflow=name,
            parameters=filled.values,
            extra={**(extra or {}), **workflow.extra},
            **details,
        )

    async def _admit(self, parameter: str, name: str, admitted: Mapping[str, str]) -> str:
        if name in admitted:
            return admitted[name]
        if STORE_NAME.fullmatch(name):
            if not await self._inputs.touch(name):
                raise NotFound(f"Parameter {parameter!r}: the input store has no file {name}.")
            return name
        path = self._folders.config / name
        if STORE_NAME.fullmatch(path.name) and path == self._inputs.path_of(path.name):
            return await self._admit(parameter, path.name, admitted)
        self._check_allowed(parameter, path)
        inspection = await self._probe.inspect(path)
        if inspection.problem is not None:
            raise UnusableFile(parameter, path, inspection.problem)
        return await self._inputs.admit(path, inspection)

    async def _folder(self, parameter: str, name: str) -> str:
        """Its whole path, links followed."""
        path = self._folders.config / name
        self._check_allowed(parameter, path)
        if not await asyncio.to_thread(path.is_dir):
            raise UnusableFile(parameter, path, "is no folder")
        return str(path.resolve())

    def _check_allowed(self, parameter: str, path: Path) -> None:
        if not self._folders.allows(path):
            raise UnusableFile(parameter, path, "lies outside the folders that may be used")
