"""A bench for each test, and counters at zero."""

from pathlib import Path

import pytest

from tests.engine.models.conftest import tiny as tiny
from tests.engine.models.conftest import tiny_file as tiny_file
from tests.engine.text_nodes import CALLS
from tests.engine.waiting_nodes import Later
from tests.engine.worker.bench import Bench


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    CALLS.clear()
    Later.begun.clear()
    return Bench(tmp_path)
