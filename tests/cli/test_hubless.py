"""Commands that find no hub running."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import RunHub

HEAVY = ["aiohttp", "alembic", "hub.app", "numpy", "sqlalchemy", "torch"]


async def test_a_short_lived_hub_answers_when_none_runs(hub_command: RunHub, config: Path) -> None:
    result = await hub_command("runs")
    assert (result.code, result.out, result.err) == (0, "There are no such runs.\n", "")
    assert not (config / "data" / "hub.json").exists()


async def test_an_error_in_a_short_lived_hub_is_one_sentence_too(hub_command: RunHub) -> None:
    result = await hub_command("runs", "show", "1")
    assert (result.code, result.out) == (1, "")
    assert result.err == "Error: There is no run '1'. `hub runs` lists them.\n"


async def test_the_note_of_a_hub_that_died_misleads_nobody(
    hub_command: RunHub, config: Path
) -> None:
    (config / "data").mkdir()
    note = {"pid": 1, "address": "http://127.0.0.1:1"}
    (config / "data" / "hub.json").write_text(json.dumps(note))
    assert (await hub_command("runs")).code == 0


async def test_check_finds_nothing_wrong_with_a_sound_folder(hub_command: RunHub) -> None:
    result = await hub_command("check")
    assert (result.code, result.err) == (0, "")
    assert result.out.endswith("no mistakes.\n")


async def test_check_tells_every_mistake_with_its_place(hub_command: RunHub, config: Path) -> None:
    (config / "hub.yaml").write_text("folders: {allow: [inbox]}\nserver: {prot: 1}\n")
    automations = (config / "automations.yaml").read_text()
    (config / "automations.yaml").write_text(automations.replace("workflow: plain", "workflow: x"))
    result = await hub_command("check")
    assert result.code == 1
    assert "\nhub.yaml:2:10: " in result.err
    assert "did you mean 'port'?" in result.err
    told = json.loads((await hub_command("check", "--json")).out)
    assert len(told) == len(result.err.splitlines())
    assert {problem["file"] for problem in told} == {"automations.yaml", "hub.yaml"}


async def test_check_warns_of_a_missing_model_folder_and_finds_no_mistake(
    hub_command: RunHub, config: Path
) -> None:
    (config / "extra_model_paths.yaml").write_text("mine:\n  loras: gone\n")
    result = await hub_command("check")
    assert result.code == 0
    assert result.err.startswith("extra_model_paths.yaml:2:10: warning: there is no folder '")
    assert result.out.endswith("no mistakes, 1 warning.\n")


@pytest.mark.parametrize("command", [["check"], ["runs"], ["serve"]])
async def test_a_missing_folder_is_told_in_one_sentence(
    hub_command: RunHub, command: list[str]
) -> None:
    result = await hub_command(*command, "--config", "/no/such/folder")
    assert (result.code, result.out) == (1, "")
    assert result.err.startswith("Error: There is no configuration folder /no/such/folder.")


def test_help_waits_for_nothing_heavy() -> None:
    program = f"import sys, hub.cli.main; print([m for m in {HEAVY} if m in sys.modules])"
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert answer.stdout == b"[]\n"
