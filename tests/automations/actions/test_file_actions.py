"""`file.move`, `file.copy` and `file.delete`, in a whole hub."""

from pathlib import Path
from typing import Any

import pytest

from hub.records.firing import Firing, FiringState, Step
from tests.automations.recorded import recorded
from tests.automations.started import Start, ended


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """The allowed folder, with two files."""
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "a.txt").write_text("a")
    (folder / "b.txt").write_text("b")
    return folder


async def outcome(start: Start, action: str, **body: Any) -> tuple[Firing, Step]:
    async with start(f"  actions:\n    - {action}\n") as hub:
        await ended(hub, 1, body)
        firing, steps = await recorded(hub)
        return firing, steps["actions/0"]


def contents(folder: Path) -> dict[str, str]:
    """The text of every file below."""
    return {str(p.relative_to(folder)): p.read_text() for p in folder.rglob("*") if p.is_file()}


async def test_a_moved_file_is_in_its_new_place_only(start: Start, out: Path) -> None:
    firing, step = await outcome(start, "{action: file.move, data: {path: out/a.txt, to: out/n/}}")
    assert firing.state is FiringState.SUCCEEDED
    assert step.result == {"files": [str(out / "n/a.txt")]}
    assert contents(out) == {"n/a.txt": "a", "b.txt": "b"}


async def test_a_taken_name_gets_a_number(start: Start, out: Path) -> None:
    action = "{action: file.move, data: {path: out/a.txt, to: out/b.txt}}"
    _, step = await outcome(start, action)
    assert step.result == {"files": [str(out / "b (1).txt")]}
    assert contents(out) == {"b.txt": "b", "b (1).txt": "a"}


async def test_several_files_are_named_by_a_template(start: Start, out: Path) -> None:
    action = (
        '{action: file.copy, data: {path: "{{ trigger.json.files }}", '
        'to: "out/{{ loop.index }}-{{ file.stem }}{{ file.suffix }}"}}'
    )
    await outcome(start, action, files=["out/a.txt", {"path": str(out / "b.txt")}])
    assert contents(out) == {"a.txt": "a", "b.txt": "b", "1-a.txt": "a", "2-b.txt": "b"}


async def test_a_copy_is_a_file_of_its_own(start: Start, out: Path) -> None:
    await outcome(start, "{action: file.copy, data: {path: out/a.txt, to: out/c.txt}}")
    with (out / "a.txt").open("a") as file:
        file.write("more")
    assert (out / "c.txt").read_text() == "a"


async def test_files_are_deleted(start: Start, out: Path) -> None:
    firing, _ = await outcome(start, "{action: file.delete, data: {path: [out/a.txt, out/b.txt]}}")
    assert firing.state is FiringState.SUCCEEDED
    assert contents(out) == {}


@pytest.mark.parametrize(
    ("action", "told"),
    [
        ("file.move, data: {path: '{{ trigger.json.config }}', to: out/}", "lies outside the"),
        ("file.copy, data: {path: out/a.txt, to: '{{ trigger.json.up }}'}", "lies outside the"),
        ("file.delete, data: {path: '{{ trigger.json.link }}'}", "lies outside the folders"),
        ("file.delete, data: {path: out/inner}", "is no plain file"),
        ("file.delete, data: {path: out/folder}", "is no plain file"),
        ("file.delete, data: {path: out/c.txt}", "There is no file"),
        (
            "file.delete, data: {path: 5}",
            "or a list of those is wanted, not '5'",
        ),
    ],
)
async def test_what_may_not_be_touched_is_left_alone(
    start: Start, tmp_path: Path, out: Path, action: str, told: str
) -> None:
    (out / "folder").mkdir()
    (out / "link").symlink_to(tmp_path / "hub.yaml")
    (out / "inner").symlink_to(out / "a.txt")
    before = contents(tmp_path / "out")
    paths = {"config": "hub.yaml", "up": "../a.txt", "link": "out/link"}
    firing, _ = await outcome(start, f"{{action: {action}}}", **paths)
    assert firing.state is FiringState.FAILED
    assert told in str(firing.reason)
    assert contents(tmp_path / "out") == before
