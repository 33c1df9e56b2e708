"""A bench for each test, and counters at zero."""

from pathlib import Path

import pytest

from tests.engine.nodes import CALLS, Later
from tests.engine.worker.bench import Bench


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    CALLS.clear()
    Later.begun.clear()
    return Bench(tmp_path)
