"""Finds node packs, and runs those of their scripts that come before torch is loaded.

This module imports no torch, and so must what it imports.
"""

import logging
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from hub.config.folders import Folders
from hub.engine.worker.node_code import NodeRaised, call
from hub.nodes.compat.pack_modules import load_module

OFFERED = Path(__file__).with_name("offered")
"""The modules that packs import, under ComfyUI's names."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundPack:
    """A pack that is to be loaded: a folder with an `__init__.py`, or a single file."""

    path: Path

    @property
    def name(self) -> str:
        return self.path.stem if self.path.suffix == ".py" else self.path.name

    @property
    def code(self) -> Path:
        return self.path if self.path.is_file() else self.path / "__init__.py"

    @property
    def folder(self) -> Path:
        """Where its files lie."""
        return self.path.parent if self.path.is_file() else self.path


def find_packs(folders: Folders) -> list[FoundPack]:
    """In the order of the folders, and of the names in each."""
    return [
        FoundPack(path=path)
        for folder in folders.packs
        if folder.is_dir()
        for path in sorted(folder.iterdir())
        if _is_pack(path) and _is_chosen(path, folders.chosen_packs)
    ]


def run_prestartup_scripts(packs: Sequence[FoundPack]) -> None:
    """Run each pack's `prestartup_script.py`; one that raises is logged."""
    sys.path.insert(0, str(OFFERED))
    for pack in packs:
        script = pack.path / "prestartup_script.py"
        if script.is_file():
            try:
                call(load_module, f"{pack.name}_prestartup", script)
            except NodeRaised:
                log.exception("The prestartup script of the pack %s failed", pack.name)


def _is_pack(path: Path) -> bool:
    if path.name.endswith(".disabled") or path.name.startswith((".", "__")):
        return False
    return path.suffix == ".py" if path.is_file() else (path / "__init__.py").is_file()


def _is_chosen(path: Path, chosen: Iterable[str]) -> bool:
    names = set(chosen)
    return not names or bool(names & {path.name, path.stem})
