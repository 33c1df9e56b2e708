"""Files kept by the hash of their content."""

import asyncio
import hashlib
from pathlib import Path

import pytest

from hub.errors import Conflict
from hub.records.media import Inspection, Media, MediaKind
from hub.storage.input_store import InputStore, StoreUnwritable


def inspection(content: bytes) -> Inspection:
    return Inspection(
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        media=Media(kind=MediaKind.IMAGE, format="jpeg"),
    )


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


@pytest.fixture
def store(tmp_path: Path) -> InputStore:
    return InputStore(tmp_path / "store")


def stored_files(tmp_path: Path) -> list[Path]:
    return [path for path in (tmp_path / "store").rglob("*") if path.is_file()]


async def test_a_copy_lies_under_its_hash(store: InputStore, tmp_path: Path) -> None:
    content = b"some picture" * 300_000
    name = await store.admit(written(tmp_path / "A.JPG", content), inspection(content))
    sha256 = hashlib.sha256(content).hexdigest()
    assert name == f"{sha256}.jpg"
    assert store.path_of(name) == tmp_path / "store" / sha256[:2] / name
    assert store.path_of(name).read_bytes() == content


async def test_an_edit_of_the_original_leaves_the_copy_as_it_was(
    store: InputStore, tmp_path: Path
) -> None:
    path = written(tmp_path / "a.jpg", b"before")
    name = await store.admit(path, inspection(b"before"))
    with path.open("r+b") as file:
        file.write(b"after!")
    assert store.path_of(name).read_bytes() == b"before"


@pytest.mark.parametrize(
    ("name", "suffix"),
    [
        ("a.PNG", "png"),
        ("a", "jpeg"),
        ("a.tar gz", "jpeg"),
        ("a.ünï", "jpeg"),
        ("a.toolong12", "jpeg"),
    ],
)
async def test_odd_suffixes_give_way_to_the_format(
    store: InputStore, tmp_path: Path, name: str, suffix: str
) -> None:
    admitted = await store.admit(written(tmp_path / name, b"x"), inspection(b"x"))
    assert admitted.endswith(f".{suffix}")


async def test_what_changed_since_it_was_looked_at_is_refused(
    store: InputStore, tmp_path: Path
) -> None:
    path = written(tmp_path / "a.jpg", b"now")
    with pytest.raises(Conflict, match="changed after it was looked at"):
        await store.admit(path, inspection(b"then"))
    path.unlink()
    with pytest.raises(Conflict):
        await store.admit(path, inspection(b"then"))
    assert not stored_files(tmp_path)


async def test_content_that_is_there_is_kept(store: InputStore, tmp_path: Path) -> None:
    path = written(tmp_path / "a.jpg", b"same")
    name = await store.admit(path, inspection(b"same"))
    before = store.path_of(name).stat()
    assert await store.admit(path, inspection(b"same")) == name
    assert store.path_of(name).stat().st_ino == before.st_ino


async def test_a_damaged_copy_is_replaced(store: InputStore, tmp_path: Path) -> None:
    path = written(tmp_path / "a.jpg", b"whole")
    name = await store.admit(path, inspection(b"whole"))
    store.path_of(name).unlink()
    store.path_of(name).write_bytes(b"who")
    await store.admit(path, inspection(b"whole"))
    assert store.path_of(name).read_bytes() == b"whole"


async def test_many_admissions_at_once_leave_one_file(store: InputStore, tmp_path: Path) -> None:
    path = written(tmp_path / "a.jpg", b"same")
    await asyncio.gather(*(store.admit(path, inspection(b"same")) for _ in range(20)))
    assert len(stored_files(tmp_path)) == 1


async def test_a_store_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    store = InputStore(written(tmp_path / "store", b"no folder"))
    with pytest.raises(StoreUnwritable, match="not a directory"):
        await store.admit(written(tmp_path / "a.jpg", b"x"), inspection(b"x"))
