"""The modules that packs import, as in a worker, but in this process.

They read what is installed when they are imported; so each test imports them anew, under the names
that they have in the tree.
"""

import importlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from hub.config.folders import Folders
from hub.nodes.compat import installed
from hub.nodes.compat.installed import install
from hub.nodes.compat.prestartup import OFFERED

Offered = Callable[[str], ModuleType]


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    folders = Folders(config=tmp_path, data=tmp_path / "data")
    folders.make()
    return folders


@pytest.fixture(autouse=True)
def nothing_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """What another test installed serves none."""
    monkeypatch.setattr(installed, "_installed", None)


@pytest.fixture
def offered(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> Iterator[Offered]:
    """Imports one of them by ComfyUI's name."""
    install(folders)
    monkeypatch.syspath_prepend(str(OFFERED))
    before = set(sys.modules)
    yield importlib.import_module
    for name in set(sys.modules) - before:
        if (getattr(sys.modules[name], "__file__", None) or "").startswith(str(OFFERED)):
            del sys.modules[name]
