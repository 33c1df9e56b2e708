"""Runs those scripts of node packs that come before torch is loaded.

This module imports no torch, and so must what it imports.
"""

import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from hub.config.found_packs import FoundPack
from hub.engine.worker.node_code import NodeRaised, call
from hub.nodes.compat.pack_modules import load_module
from hub.nodes.compat.unbuilt_modules import add_to_search_path

OFFERED = Path(__file__).with_name("offered")
"""The modules that packs import, under ComfyUI's names."""

log = logging.getLogger(__name__)


def run_prestartup_scripts(packs: Sequence[FoundPack]) -> None:
    """Run each pack's `prestartup_script.py`; one that raises is logged."""
    sys.path.insert(0, str(OFFERED))
    add_to_search_path()
    for pack in packs:
        script = pack.path / "prestartup_script.py"
        if script.is_file():
            try:
                call(load_module, f"{pack.name}_prestartup", script)
            except NodeRaised:
                log.exception("The prestartup script of the pack %s failed", pack.name)
