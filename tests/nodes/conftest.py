"""A bench for each test, in its own folder."""

from pathlib import Path

import pytest

from hub.testing.nodes import NodeBench
from tests.engine.models.conftest import tiny, tiny_file

__all__ = ["bench", "tiny", "tiny_file"]


@pytest.fixture
def bench(tmp_path: Path) -> NodeBench:
    return NodeBench(tmp_path)
