"""Seeded checkpoints, made once and kept in pytest's cache, and what others computed from them."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from safetensors.torch import load_file
from torch import Tensor

from hub.engine.models.checkpoint import Checkpoint, load_checkpoint
from tests.engine.models.seeded_checkpoint import (
    SHA256,
    write_reference_checkpoint,
    write_tiny_checkpoint,
)

DATA = Path(__file__).parents[2] / "data" / "stable_diffusion"


def recorded(name: str) -> dict[str, Tensor]:
    """Tensors that others computed."""
    return load_file(DATA / f"{name}.safetensors")


def recorded_prompts() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((DATA / "prompts.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="session")
def tiny_file(pytestconfig: pytest.Config) -> Path:
    """A small checkpoint of the layout of Stable Diffusion 1."""
    return _made_once(pytestconfig, "tiny-1", write_tiny_checkpoint)


@pytest.fixture(scope="session")
def reference_file(pytestconfig: pytest.Config) -> Path:
    """The one that the recorded figures come from."""
    return _made_once(pytestconfig, SHA256[:12], write_reference_checkpoint)


@pytest.fixture(scope="session")
def tiny(tiny_file: Path) -> Checkpoint:
    """Loaded once: whoever changes it changes a copy, whose weights come back as they were."""
    return load_checkpoint(tiny_file)


@pytest.fixture(scope="session")
def reference(reference_file: Path) -> Checkpoint:
    return load_checkpoint(reference_file)


def _made_once(config: pytest.Config, name: str, write: Callable[[Path], None]) -> Path:
    """Other processes may want the same file: it appears whole."""
    folder = config.cache.mkdir("checkpoints")
    path = folder / f"{name}.safetensors"
    if not path.exists():
        unfinished = path.with_suffix(f".{os.getpid()}")
        write(unfinished)
        unfinished.replace(path)
    return path
