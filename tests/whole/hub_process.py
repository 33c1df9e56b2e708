"""A hub in a process of its own, to be killed, and what it leaves on the disk."""

import os
import sqlite3
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil

WORKFLOW = """{
  "1": {"class_type": "LoadPhoto", "inputs": {"image": "?"}},
  "2": {"class_type": "SavePhoto", "inputs": {"images": ["1", 0], "filename_prefix": "photo",
        "format": "png", "quality": 90, "background": "white", "keep_metadata": true}}
}
"""
SIDECAR = """
parameters:
  photo: {node: "1", input: image, type: image, required: true}
"""
AUTOMATIONS = """
- id: photos
  mode: queued
  at_once: 4
  triggers:
    - {trigger: folder, path: inbox, settle: 0.05s, existing: process, ignore: ["processed/*"]}
  actions:
    - action: workflow.run
      data: {workflow: photo, parameters: {photo: "{{ trigger.path }}"}}
      response_variable: result
    - action: output.save
      data: {outputs: "{{ result.outputs }}", path: "out/{{ trigger.stem }}{{ output.suffix }}"}
  after:
    success: {move: processed}
"""
SETTINGS = """
folders: {allow: [inbox, out]}
"""


def write_configuration(folder: Path) -> None:
    """A configuration whose automation takes one photo the whole way."""
    for name in ("inbox", "out", "workflows"):
        (folder / name).mkdir(parents=True)
    (folder / "hub.yaml").write_text(SETTINGS)
    (folder / "automations.yaml").write_text(AUTOMATIONS)
    (folder / "workflows" / "photo.json").write_text(WORKFLOW)
    (folder / "workflows" / "photo.yaml").write_text(SIDECAR)


class HubProcess:
    """A running hub. All processes it starts carry its mark in their environment."""

    def __init__(self, config: Path, *, crash_at: str = "", real_worker: bool = False) -> None:
        self.mark = uuid.uuid4().hex
        environment = {**os.environ, "HUB_TEST_MARK": self.mark, "HUB_CRASH_AT": crash_at}
        arguments = ["--real-worker"] if real_worker else []
        self.process = subprocess.Popen(
            [sys.executable, "-m", "hub.testing.serving", str(config), *arguments],
            stdout=subprocess.PIPE,
            env=environment,
            text=True,
        )

    def wait_for(self, *beginnings: str) -> str:
        """The next line that begins with one of these; an empty text if the process ended first."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.startswith(beginnings):
                return line.strip()
        self.process.wait()
        return ""

    def processes(self) -> list[psutil.Process]:
        """Everything that carries the mark, the hub itself included."""
        return [process for process in psutil.process_iter() if self._is_marked(process)]

    def _is_marked(self, process: psutil.Process) -> bool:
        with suppress(psutil.Error):
            return bool(process.environ().get("HUB_TEST_MARK") == self.mark)
        return False

    def workers(self) -> list[psutil.Process]:
        return [
            process
            for process in self.processes()
            if {"hub.engine.worker", "hub.testing.worker"} & {*process.cmdline()}
        ]

    def end(self) -> None:
        """Kill whatever is left of it."""
        for process in self.processes():
            with suppress(psutil.Error):
                process.kill()
        self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()


@contextmanager
def running_hub(
    config: Path, *, crash_at: str = "", real_worker: bool = False
) -> Iterator[HubProcess]:
    """A hub for as long as the block lasts."""
    hub = HubProcess(config, crash_at=crash_at, real_worker=real_worker)
    try:
        yield hub
    finally:
        hub.end()


def assert_gone(processes: list[psutil.Process]) -> None:
    """They end, soon, by themselves."""
    _, alive = psutil.wait_procs(processes, timeout=100)
    assert alive == []


def rows(config: Path, query: str) -> list[Any]:
    """What the database holds."""
    with closing(sqlite3.connect(config / "data" / "hub.sqlite")) as connection:
        return connection.execute(query).fetchall()


def wait_for_row(config: Path, query: str) -> None:
    """Until the database holds one."""
    while not rows(config, query):
        os.sched_yield()


def names(folder: Path) -> list[str]:
    """All files below a folder."""
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())
