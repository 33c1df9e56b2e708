"""A past to let go of."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hub.config.folders import Folders
from hub.storage.database import Database
from tests.retention.past import Past


@pytest.fixture
async def past(tmp_path: Path) -> AsyncIterator[Past]:
    folders = Folders(config=tmp_path, data=tmp_path / "data")
    folders.make()
    async with Database(folders.database) as database:
        yield Past(database, folders)
