"""A hub of its own, in a process of its own, for whatever is thrown at it."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import IO

import pytest

from tests.web.configuration import write_configuration


@dataclass(frozen=True, slots=True)
class Fuzzed:
    """Where the hub answers, and its configuration folder."""

    address: str
    config: Path


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fuzzed]:
    """With the worker that needs no torch. What it tells must hold no traceback."""
    config = tmp_path_factory.mktemp("fuzzed") / "config"
    write_configuration(config)
    command = [sys.executable, "-m", "hub.testing.serving", str(config)]
    hub = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert hub.stdout is not None
    address = next(line.split()[1] for line in hub.stdout if line.startswith("ready "))
    log = config / "hub.log"
    telling = Thread(target=keep, args=(hub.stdout, log))
    telling.start()
    yield Fuzzed(address, config)
    hub.terminate()
    telling.join()
    assert hub.wait() == 0
    assert "Traceback" not in log.read_text()


@pytest.fixture(scope="module")
def address(fuzzed: Fuzzed) -> str:
    return fuzzed.address


def keep(told: IO[str], log: Path) -> None:
    """What the hub tells until it ends, so that it never waits for a reader."""
    with told, log.open("w") as file:
        file.writelines(told)
