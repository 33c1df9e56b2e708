"""Files that are no workflows are told from each other."""

from pathlib import Path

import pytest

from hub.config.problems import Problems
from hub.workflows.graph_file import LARGEST, read_graph

OTHER_FILES = [
    (b"", "this is not JSON: the file is empty"),
    (b" \n", "this is not JSON: the file is empty"),
    (b'{"1": ', "this is not JSON: expecting value"),
    (b"\xff\xfe", "this is not UTF-8"),
    (b"[" * 100_000, "this is nested too deeply"),
    (b"[]", "this is no workflow in API format"),
    (b'{"nodes": [], "links": []}', "this is the editor's own format; save it with `Export (API)`"),
    (b'{"prompt": {"1": {}}}', "this is a request with a workflow in `prompt`"),
    (b'{"1": 5}', "node '1' needs a `class_type`"),
]


@pytest.mark.parametrize(("content", "sentence"), OTHER_FILES)
def test_what_is_no_workflow_is_told_in_a_sentence(
    tmp_path: Path, content: bytes, sentence: str
) -> None:
    file = tmp_path / "a.json"
    file.write_bytes(content)
    problems = Problems()
    assert read_graph(file, "a.json", problems) is None
    (problem,) = problems
    assert problem.message.startswith(sentence)


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    with file.open("wb") as content:
        content.truncate(LARGEST + 1)
    problems = Problems()
    assert read_graph(file, "a.json", problems) is None
    assert "it has 64 MiB" in str(problems.in_order()[0])


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    problems = Problems()
    assert read_graph(tmp_path, "a", problems) is None
    assert problems.in_order()[0].message == "this is no file"
