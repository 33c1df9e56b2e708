"""Bad files: each is named, with a reason, nothing is lost, and the hub goes on."""

import os
import shutil
import struct
import subprocess
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.testing.pictures import write_photograph
from tests.whole.hub_process import HubProcess, names, rows, running_hub, write_configuration

ODD_NAMES = [b"two\nlines.jpg", b"caf\xe9.jpg", b'quote\'s "and" {{ 1 }}.jpg']


def bomb() -> bytes:
    """A PNG of a few bytes that claims 60000×60000 pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", 60000, 60000, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 1000)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


def truncated_photo(folder: Path) -> bytes:
    """The first half of a real one."""
    write_photograph(folder / "whole.jpg", seed=1, size=(640, 480))
    content = (folder / "whole.jpg").read_bytes()
    return content[: len(content) // 2]


BAD = {
    "truncated.jpg": "JPEG ends early",
    "text.png": "not a picture",
    "empty.jpg": "is empty",
    "bomb.png": "pixels",
}


def drop(config: Path, name: str, content: bytes) -> Path:
    """A file that is there at once with all of its content."""
    (config / name).write_bytes(content)
    return (config / name).rename(config / "inbox" / name)


def drop_bad_files(config: Path) -> None:
    drop(config, "truncated.jpg", truncated_photo(config))
    drop(config, "text.png", b"Dear diary,")
    drop(config, "empty.jpg", b"")
    drop(config, "bomb.png", bomb())


def reason_of(config: Path, name: str) -> str:
    path = os.fsencode(config / "inbox" / name)
    [(reason,)] = rows(config, f"SELECT reason FROM ledger WHERE path = x'{path.hex()}'")
    return str(reason)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    write_configuration(tmp_path)
    return tmp_path


@pytest.fixture
def hub(config: Path) -> Iterator[HubProcess]:
    with running_hub(config) as hub:
        assert hub.wait_for("ready")
        yield hub


def test_each_bad_file_is_shown_with_its_reason(config: Path, hub: HubProcess) -> None:
    drop_bad_files(config)
    for _ in BAD:
        assert hub.wait_for("file").startswith("file quarantined")
    for name, reason in BAD.items():
        assert reason in reason_of(config, name)
    write_photograph(config / "inbox" / "good.jpg", seed=2, size=(64, 48))
    assert hub.wait_for("firing") == "firing succeeded"
    assert names(config / "inbox") == sorted([*BAD, "processed/good.jpg"])


def test_a_truncated_photo_is_taken_once_it_is_whole(config: Path, hub: HubProcess) -> None:
    drop(config, "photo.jpg", truncated_photo(config))
    assert hub.wait_for("file") == "file quarantined 'photo.jpg'"
    shutil.copy(config / "whole.jpg", config / "inbox" / "photo.jpg")
    assert hub.wait_for("firing") == "firing succeeded"
    assert names(config / "out") == ["photo.png"]


def test_an_empty_file_that_grows_is_taken(config: Path, hub: HubProcess) -> None:
    (config / "inbox" / "photo.jpg").touch()
    assert hub.wait_for("file") == "file quarantined 'photo.jpg'"
    write_photograph(config / "inbox" / "photo.jpg", seed=3, size=(64, 48))
    assert hub.wait_for("firing") == "firing succeeded"


@pytest.mark.parametrize("name", ODD_NAMES, ids=ascii)
def test_an_odd_name_goes_the_whole_way(config: Path, hub: HubProcess, name: bytes) -> None:
    write_photograph(config / "photo.jpg", seed=4, size=(64, 48))
    (config / "photo.jpg").rename(config / "inbox" / os.fsdecode(name))
    assert hub.wait_for("firing") == "firing succeeded"
    assert names(config / "out") == [os.fsdecode(name.replace(b".jpg", b".png"))]
    assert names(config / "inbox") == [f"processed/{os.fsdecode(name)}"]


def test_a_deleted_file_harms_nothing(config: Path, hub: HubProcess) -> None:
    write_photograph(config / "photo.jpg", seed=5, size=(64, 48))
    drop(config, "gone.jpg", (config / "photo.jpg").read_bytes()).unlink()
    write_photograph(config / "inbox" / "stays.jpg", seed=6, size=(64, 48))
    assert hub.wait_for("firing") == "firing succeeded"
    assert "stays.png" in names(config / "out")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 3 MiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(command, check=False).returncode:
        pytest.skip("a small file system can be mounted by root only")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_output_disk_fails_the_run_and_says_so(tmp_path: Path, small_disk: Path) -> None:
    config = tmp_path / "config"
    write_configuration(config)
    (config / "out").rmdir()
    (config / "out").symlink_to(small_disk)
    (config / "hub.yaml").write_text(f"folders: {{allow: [inbox, out, {small_disk}]}}\n")
    (small_disk / "ballast").write_bytes(b"\0" * (3 * 2**20))
    with running_hub(config) as hub:
        assert hub.wait_for("ready")
        write_photograph(config / "inbox" / "photo.jpg", seed=7, size=(64, 48))
        assert hub.wait_for("firing") == "firing failed"
        [(reason,)] = rows(config, "SELECT reason FROM firings")
        assert "The disk is full" in reason
        assert names(config / "inbox") == ["photo.jpg"]
        (small_disk / "ballast").unlink()
        write_photograph(config / "inbox" / "next.jpg", seed=8, size=(64, 48))
        assert hub.wait_for("firing") == "firing succeeded"
        assert names(config / "out") == ["next.png"]
