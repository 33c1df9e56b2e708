"""Listing model folders."""

import os
from pathlib import Path
from typing import Any

import pytest

from hub.config.model_folders import ModelFolder
from hub.engine.model_files import ModelFiles
from tests.config.reading import write

AGES_AGO = 1_000_000_000
IN_LONG = 4_000_000_000


def kind(*folders: Path) -> ModelFolder:
    return ModelFolder(tuple(map(str, folders)), (".pt",))


def age(*folders: Path) -> None:
    """As if nothing had changed in them for long."""
    for folder in folders:
        os.utime(folder, (AGES_AGO, AGES_AGO))


def test_names_of_all_folders_are_listed_once_sorted_with_folders_below(tmp_path: Path) -> None:
    names = ("a/z.pt", "a/sub/y.pt", "b/z.pt", "b/x.PT", "b/readme.md", "a/.git/w.pt", "a/.v.pt")
    write(tmp_path, dict.fromkeys(names, ""))
    wanted = kind(tmp_path / "a", tmp_path / "b", tmp_path / "missing")
    assert ModelFiles().names(wanted) == ("sub/y.pt", "x.PT", "z.pt")


def test_links_are_followed_but_never_in_a_circle(tmp_path: Path) -> None:
    write(tmp_path, {"models/sub/a.pt": "", "elsewhere/b.pt": ""})
    (tmp_path / "models" / "sub" / "up").symlink_to(tmp_path / "models")
    (tmp_path / "models" / "nas").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "models" / "again").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "models" / "broken.pt").symlink_to(tmp_path / "gone")
    assert ModelFiles().names(kind(tmp_path / "models")) == ("again/b.pt", "nas/b.pt", "sub/a.pt")


def test_a_directory_is_read_again_only_when_it_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {"a.pt": "", "sub/b.pt": ""})
    age(tmp_path, tmp_path / "sub")
    read: list[str] = []
    scandir = os.scandir

    def noting_scandir(path: str) -> Any:
        read.append(path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", noting_scandir)
    files = ModelFiles()
    first = files.names(kind(tmp_path))
    assert files.names(kind(tmp_path)) is first
    (tmp_path / "sub" / "c.pt").touch()
    assert files.names(kind(tmp_path)) == ("a.pt", "sub/b.pt", "sub/c.pt")
    assert read == [str(tmp_path), str(tmp_path / "sub"), str(tmp_path / "sub")]


def test_changes_within_one_tick_of_the_file_system_are_all_noticed(tmp_path: Path) -> None:
    files, wanted = ModelFiles(), kind(tmp_path)
    for number in (1, 2, 3):
        (tmp_path / f"{number}.pt").touch()
        os.utime(tmp_path, (IN_LONG, IN_LONG))
        assert len(files.names(wanted)) == number


def test_a_folder_that_appears_or_goes_is_noticed(tmp_path: Path) -> None:
    files, wanted = ModelFiles(), kind(tmp_path / "nas")
    assert files.names(wanted) == ()
    write(tmp_path, {"nas/a.pt": ""})
    assert files.names(wanted) == ("a.pt",)
    (tmp_path / "nas").rename(tmp_path / "away")
    assert files.names(wanted) == ()
