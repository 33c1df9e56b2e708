"""Loads a Python file as a module of its own, outside of any package."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType


def load_module(name: str, file: Path) -> ModuleType:
    """Import `file` as `name`. Raises whatever the code raises, and forgets the module then."""
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise ImportError(f"{file} cannot be imported: it is no Python file.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        sys.modules.pop(name, None)
        raise
    return module
