"""The names of packs in hub.yaml, held against the packs that are there."""

from pathlib import Path

from hub.config.documents import Documents
from hub.config.pack_names import check_pack_names
from hub.config.problems import Problems
from hub.config.reader import Reader
from hub.config.settings import folders_of, read_settings
from tests.config.reading import write


def mistakes(folder: Path, text: str) -> list[str]:
    write(
        folder,
        {"hub.yaml": text, "custom_nodes/Loud/__init__.py": "", "custom_nodes/single.py": ""},
    )
    problems = Problems()
    reader = Reader(problems)
    documents = Documents(folder)
    settings = read_settings(documents, reader, problems)
    packs = folders_of(documents, settings, problems).packs
    check_pack_names(settings, reader.positions, packs, problems)
    return [str(problem) for problem in problems.in_order()]


def test_a_pack_that_is_not_there_is_told_at_its_place(tmp_path: Path) -> None:
    text = """
packs:
  allow: [Loud, single.py, gone]
  apart: Lout
engine:
  workers:
  - {name: gpu, packs: [singel]}
"""
    there_is = "there is no node pack"
    assert mistakes(tmp_path, text) == [
        f"hub.yaml:3:28: {there_is} 'gone' in the folders of packs",
        f"hub.yaml:4:10: {there_is} 'Lout' in the folders of packs (did you mean 'Loud'?)",
        f"hub.yaml:7:25: {there_is} 'singel' in the folders of packs (did you mean 'single'?)",
    ]


def test_packs_that_are_there_are_no_mistake(tmp_path: Path) -> None:
    text = "packs: {apart: single}\nengine: {workers: [{name: a, packs: [Loud]}, {name: b}]}\n"
    assert mistakes(tmp_path, text) == []


def test_an_empty_file_names_nothing(tmp_path: Path) -> None:
    assert mistakes(tmp_path, "") == []
