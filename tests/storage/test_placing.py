"""Files under final names: once, whole, never over another."""

import asyncio
import hashlib
from pathlib import Path

import pytest
from sqlalchemy import Connection

from hub.storage.database import Database
from hub.storage.placements import Wanted, mark_done
from hub.storage.placing import Placing, PlacingFailed, SourceGone


def wanted(
    tmp_path: Path, slot: str = "0", *, content: bytes = b"x", counted: bool = True
) -> Wanted:
    source = tmp_path / f"staged-{slot}"
    source.write_bytes(content)
    return Wanted(
        owner="run",
        slot=slot,
        source=source,
        folder=tmp_path / "out",
        stem="picture",
        suffix=".png",
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        counted=counted,
    )


async def put(database: Database, *items: Wanted) -> list[str]:
    placements = await asyncio.to_thread(Placing(database).put, items)
    await database.write(lambda connection: mark_done(connection, placements))
    return [placement.path.name for placement in placements]


async def test_counted_names_go_up(database: Database, tmp_path: Path) -> None:
    names = await put(database, wanted(tmp_path, "0"), wanted(tmp_path, "1"))
    assert names == ["picture_00001_.png", "picture_00002_.png"]


async def test_counting_goes_on_from_what_lies_there(database: Database, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "picture_00041_.png").write_bytes(b"somebody else's")
    assert await put(database, wanted(tmp_path)) == ["picture_00042_.png"]


async def test_a_taken_plain_name_gets_a_number(database: Database, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "picture.png").write_bytes(b"somebody else's")
    assert await put(database, wanted(tmp_path, counted=False)) == ["picture (1).png"]
    assert (tmp_path / "out" / "picture.png").read_bytes() == b"somebody else's"


async def test_done_again_it_is_the_same_file(database: Database, tmp_path: Path) -> None:
    """As after a crash between linking and the commit that says so."""
    first = await asyncio.to_thread(Placing(database).put, [wanted(tmp_path)])
    again = await asyncio.to_thread(Placing(database).put, [wanted(tmp_path)])
    assert [item.path for item in first] == [item.path for item in again]
    assert len(list((tmp_path / "out").iterdir())) == 1


async def test_a_reserved_name_that_others_took_is_given_up(
    database: Database, tmp_path: Path
) -> None:
    [placement] = await asyncio.to_thread(Placing(database).put, [wanted(tmp_path)])
    placement.path.unlink()
    placement.path.write_bytes(b"somebody else's")
    assert await put(database, wanted(tmp_path)) == ["picture_00002_.png"]


async def test_a_name_is_free_again_once_its_file_is_taken_away(
    database: Database, tmp_path: Path
) -> None:
    await put(database, wanted(tmp_path, "0", counted=False))
    (tmp_path / "out" / "picture.png").unlink()
    assert await put(database, wanted(tmp_path, "1", counted=False)) == ["picture.png"]


async def test_a_missing_source_is_told(database: Database, tmp_path: Path) -> None:
    item = wanted(tmp_path)
    item.source.unlink()
    with pytest.raises(SourceGone, match="staged-0"):
        await asyncio.to_thread(Placing(database).put, [item])


async def test_a_file_in_place_of_the_folder_is_told(database: Database, tmp_path: Path) -> None:
    (tmp_path / "out").write_bytes(b"a file")
    with pytest.raises(PlacingFailed, match="out could not be written"):
        await asyncio.to_thread(Placing(database).put, [wanted(tmp_path)])


async def test_what_is_kept_with_the_reservation_is_written_with_it(
    database: Database, tmp_path: Path
) -> None:
    seen: list[bool] = []

    def keep(connection: Connection) -> None:
        seen.append((tmp_path / "out" / "picture_00001_.png").exists())

    await asyncio.to_thread(Placing(database).put, [wanted(tmp_path)], keep)
    assert seen == [False]
