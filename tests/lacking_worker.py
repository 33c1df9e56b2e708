"""A worker that lacks a package, until that is installed."""

from pathlib import Path

import pytest

MODULE = "worker_that_lacks"
ERROR = "ModuleNotFoundError: No module named 'package_of_worker'"
_WORKER = "import package_of_worker\nfrom hub.testing.worker import main\n\nmain()\n"


class LackingWorker:
    """Its module is found by the children of this process, and so is what is installed."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._folder = folder
        (folder / f"{MODULE}.py").write_text(_WORKER)
        monkeypatch.setenv("PYTHONPATH", str(folder))

    def install(self) -> None:
        """From now on it can start."""
        (self._folder / "package_of_worker.py").touch()
