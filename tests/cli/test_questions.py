"""`hub runs`, `hub runs show` and `hub why`."""

import os
from pathlib import Path

import pytest

from hub.app import Hub
from tests.cli.conftest import RunHub


async def test_runs_are_listed_and_shown(hub: Hub, hub_command: RunHub) -> None:
    await hub_command("run", "plain")
    await hub_command("run", "plain", "-p", "behaviour=fail")
    listed = await hub_command("runs")
    assert [line.split()[:3] for line in listed.out.splitlines()[1:]] == [
        ["2", "plain", "failed"],
        ["1", "plain", "succeeded"],
    ]
    shown = await hub_command("runs", "show", "2")
    assert "Run 2 plain failed" in shown.out
    assert "It was asked to fail." in shown.out
    assert "behaviour = fail" in shown.out
    chosen = await hub_command("runs", "--state", "succeeded", "--limit", "5")
    assert [line.split()[0] for line in chosen.out.splitlines()[1:]] == ["1"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["runs", "show", "99"], "There is no run '99'."),
        (["runs", "show", "../status"], "There is no run '../status'."),
        (["runs", "--state", "lost"], "There is no state 'lost'"),
    ],
)
async def test_what_is_not_there_is_told_in_one_sentence(
    hub: Hub, hub_command: RunHub, words: list[str], sentence: str
) -> None:
    result = await hub_command(*words)
    assert (result.code, result.out) == (1, "")
    assert result.err.startswith(f"Error: {sentence}")


async def test_why_knows_a_file_whose_name_is_no_utf_8(
    hub: Hub, hub_command: RunHub, config: Path
) -> None:
    path = os.fsencode(config / "inbox") + b"/caf\xe9.txt"
    result = await hub_command("why", path)
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith("photos: ")


async def test_why_says_when_nobody_watches(hub: Hub, hub_command: RunHub) -> None:
    result = await hub_command("why", "/nowhere/x.png")
    assert "photos: ignored" in result.out or result.code == 1
