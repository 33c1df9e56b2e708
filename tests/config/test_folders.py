"""The folders of a hub."""

from pathlib import Path

import pytest

from hub.config.folders import Allowed, Folders, NoPath


@pytest.mark.parametrize("name", ["a\0b", "a\ud800"])
def test_what_no_file_can_be_called_is_told(tmp_path: Path, name: str) -> None:
    folders = Folders(config=tmp_path, data=tmp_path, allowed=Allowed((tmp_path,)))
    with pytest.raises(NoPath, match="is no path"):
        folders.allows(tmp_path / name)
