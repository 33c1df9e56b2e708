"""`hub prune`, `hub backup` and `hub restore`."""

from pathlib import Path

import pytest

from hub.app import Hub
from tests.cli.conftest import RunHub


async def test_prune_tells_what_would_go(hub: Hub, hub_command: RunHub) -> None:
    result = await hub_command("prune", "--dry-run")
    assert (result.code, result.out) == (0, "Nothing is beyond the limits.\n")


async def test_a_backup_of_a_running_hub_is_restored_beside_it(
    hub: Hub, hub_command: RunHub, tmp_path: Path
) -> None:
    made = await hub_command("backup", str(tmp_path / "backup.tar"), "--no-secrets")
    assert made.code == 0, made.err
    assert made.out.startswith(str(tmp_path / "backup.tar"))
    again = await hub_command("restore", str(tmp_path / "backup.tar"))
    assert again.code == 1
    assert "Another hub is using" in again.err
    new = tmp_path / "new"
    result = await hub_command("restore", str(tmp_path / "backup.tar"), "--config", str(new))
    assert result.code == 0, result.err
    assert "holds no secrets.yaml" in result.out
    assert (new / "data" / "hub.sqlite").exists()


@pytest.mark.parametrize("command", ["backup", "restore"])
async def test_a_missing_place_is_told(hub_command: RunHub, command: str) -> None:
    result = await hub_command(command, "/nowhere/at/all.tar")
    assert result.code == 1
    assert "Traceback" not in result.err
    assert "nowhere" in result.err
