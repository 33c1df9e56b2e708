"""What is backed up can be restored, whole, elsewhere too; what is damaged is refused."""

import asyncio
import os
import sqlite3
import tarfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hub.app import Hub
from hub.backups.archive import Choice, TargetThere, make_backup
from hub.backups.manifest import NoManifest
from hub.backups.restoring import BackupDamaged, WouldReplace, restore_backup
from hub.config.settings import load_settings
from hub.notices import RunFinished
from hub.records.run import Origin, Run
from hub.storage.data_lock import DataFolderInUse, lock_data
from hub.storage.migrating import HEAD, DatabaseTooNew, current_revision, migrate, upgrade
from tests.web.configuration import write_configuration

NOON = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)
ALL = Choice(outputs=True)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    folder = tmp_path / "what? 100% #1"  # signs that mean something in addresses
    write_configuration(folder)
    (folder / "secrets.yaml").write_text("token: sesame\n")
    return folder


def back_up(config: Path, choice: Choice = ALL) -> Path:
    target = config.parent / "backup.tar"
    make_backup(load_settings(config)[1], target, choice, NOON)
    return target


def contents(archive: Path) -> list[str]:
    with tarfile.open(archive) as tar:
        return tar.getnames()


async def run_once(hub: Hub) -> Run:
    """Carry out the workflow `plain`, and wait for its output."""
    with hub.notices.subscribe() as subscription:
        await hub._workflow_runs.start("plain", {}, origin=Origin.API)
        async for notice in subscription:
            if isinstance(notice, RunFinished):
                return notice.run
    raise AssertionError


def start(config: Path) -> Hub:
    return Hub(config, port=0, worker_module="hub.testing.worker")


async def test_a_hub_goes_on_elsewhere_from_a_backup_made_while_it_ran(config: Path) -> None:
    async with start(config) as hub:
        first = await run_once(hub)
        archive = await asyncio.to_thread(back_up, config)
        await run_once(hub)  # after the backup
    elsewhere = config.parent / "elsewhere"
    await asyncio.to_thread(restore_backup, archive, elsewhere, replace=False)
    async with start(elsewhere) as hub:
        assert hub.configuration.problems == ()
        [run] = await hub.books.runs.page()
        assert (run.id, run.state) == (first.id, first.state)
        [output] = await hub.books.outputs.of_run(run.id)
        assert output.path.is_relative_to(elsewhere)
        assert await asyncio.to_thread(output.path.exists)
        assert (await run_once(hub)).number == 2


def test_inputs_outputs_and_secrets_are_a_matter_of_choice(config: Path) -> None:
    for name in ("store/ab/ab.png", "input/cat.png", "output/cat.png", "output/.x.hub-part"):
        (config / "data" / name).parent.mkdir(parents=True, exist_ok=True)
        (config / "data" / name).write_bytes(b"picture")
    everything = contents(back_up(config))
    least = Choice(inputs=False, outputs=False, secrets=False)
    (config.parent / "backup.tar").unlink()
    little = contents(back_up(config, least))
    assert set(everything) - set(little) == {
        "config/secrets.yaml",
        "data/store/ab/ab.png",
        "data/input/cat.png",
        "output/cat.png",
    }
    assert not [name for name in everything if name.startswith("config/data")]


def test_a_backup_can_be_read_by_its_owner_alone(config: Path) -> None:
    assert back_up(config).stat().st_mode & 0o777 == 0o600


def test_what_only_its_owner_may_read_comes_back_so(config: Path) -> None:
    (config / "secrets.yaml").chmod(0o600)
    (config / "hub.yaml").chmod(0o644)
    (config / "data").mkdir()
    migrate(config / "data/hub.sqlite")
    new = config.parent / "new"
    restore_backup(back_up(config), new, replace=False)
    rights = {
        name: (new / name).stat().st_mode & 0o777
        for name in ("secrets.yaml", "hub.yaml", "data/hub.sqlite")
    }
    assert rights == {"secrets.yaml": 0o600, "hub.yaml": 0o644, "data/hub.sqlite": 0o600}


def test_an_odd_name_comes_back(config: Path) -> None:
    name = os.fsdecode(b"caf\xe9.png")
    (config / "data/output").mkdir(parents=True)
    (config / "data/output" / name).write_bytes(b"picture")
    restore_backup(back_up(config), config.parent / "new", replace=False)
    assert (config.parent / "new/data/output" / name).read_bytes() == b"picture"


def test_a_backup_is_not_overwritten(config: Path) -> None:
    archive = back_up(config)
    before = archive.read_bytes()
    with pytest.raises(TargetThere):
        back_up(config)
    assert archive.read_bytes() == before


def test_restoring_over_a_hub_must_be_asked_for_and_keeps_its_database(config: Path) -> None:
    migrate(config / "data/hub.sqlite")
    archive = back_up(config)
    with closing(sqlite3.connect(config / "data/hub.sqlite")) as connection, connection:
        connection.execute("CREATE TABLE later (word TEXT)")
    with pytest.raises(WouldReplace):
        restore_backup(archive, config, replace=False)
    restored = restore_backup(archive, config, replace=True)
    assert restored.former_database is not None
    assert "later" in tables(restored.former_database)
    assert "later" not in tables(config / "data/hub.sqlite")
    assert not list(config.rglob(".hub-restoring"))


def test_nothing_is_restored_under_a_running_hub(config: Path) -> None:
    archive = back_up(config)
    with lock_data(config / "data"), pytest.raises(DataFolderInUse):
        restore_backup(archive, config, replace=True)


@pytest.mark.parametrize("part", [0.2, 0.6, 0.99])
def test_a_backup_that_was_cut_short_changes_nothing(config: Path, part: float) -> None:
    migrate(config / "data/hub.sqlite")
    archive = back_up(config)
    content = archive.read_bytes()
    archive.write_bytes(content[: int(len(content.rstrip(b"\0")) * part)])
    with pytest.raises(NoManifest):
        restore_backup(archive, config.parent / "new", replace=False)
    assert not (config.parent / "new").exists()


def test_a_flipped_byte_is_noticed_and_changes_nothing(config: Path) -> None:
    migrate(config / "data/hub.sqlite")
    archive = back_up(config)
    content = archive.read_bytes()
    place = content.index(b"SQLite format 3") + 5000
    archive.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
    with pytest.raises(BackupDamaged, match=r"data/hub\.sqlite"):
        restore_backup(archive, config.parent / "new", replace=False)
    assert not (config.parent / "new/data/hub.sqlite").exists()
    assert not (config.parent / "new/hub.yaml").exists()


def test_a_text_is_no_backup(config: Path) -> None:
    with pytest.raises(NoManifest, match="no backup of a hub"):
        restore_backup(config / "hub.yaml", config.parent / "new", replace=False)


def test_an_older_database_is_brought_up_to_date_at_the_next_start(config: Path) -> None:
    database = config / "data/hub.sqlite"
    database.parent.mkdir()
    upgrade(database, "0002")
    new = config.parent / "new"
    restore_backup(back_up(config), new, replace=False)
    migrate(new / "data/hub.sqlite")
    assert current_revision(new / "data/hub.sqlite") == HEAD
    assert (new / f"data/hub.sqlite.before-{HEAD}").exists()


def test_a_database_of_a_newer_hub_is_not_restored(config: Path) -> None:
    migrate(config / "data/hub.sqlite")
    with closing(sqlite3.connect(config / "data/hub.sqlite")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(DatabaseTooNew):
        restore_backup(back_up(config), config.parent / "new", replace=False)


def tables(database: Path) -> set[str]:
    with closing(sqlite3.connect(database)) as connection:
        return {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
