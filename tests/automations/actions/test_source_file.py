"""Files as they were when a step began."""

import os
from pathlib import Path

import pytest

from hub.automations.actions.source_file import FileChanged, look_at


def test_an_untouched_file_is_still_there(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("a")
    assert look_at(path, hashed=True).is_there()


def test_a_file_that_is_gone_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("a")
    source = look_at(path, hashed=False)
    path.unlink()
    assert not source.is_there()


@pytest.mark.parametrize("change", ["content", "time", "identity"])
def test_a_file_that_was_changed_is_refused(tmp_path: Path, change: str) -> None:
    path = tmp_path / "a"
    path.write_text("a")
    source = look_at(path, hashed=False)
    match change:
        case "content":
            path.write_text("other")
        case "time":
            os.utime(path, ns=(1, 1))
        case "identity":
            other = tmp_path / "b"
            other.write_text("a")
            os.utime(other, ns=(source.mtime_ns, source.mtime_ns))
            other.replace(path)
    with pytest.raises(FileChanged, match="was changed or replaced meanwhile"):
        source.is_there()
