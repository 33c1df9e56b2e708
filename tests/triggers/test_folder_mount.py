"""File systems that go away and come back."""

import asyncio
import shutil

import pytest

from hub.testing.folder_context import MemoryTriggerContext
from hub.testing.inbox import Inbox
from hub.triggers.folder_mount import Mount, mount_in, mount_of
from hub.triggers.folder_watch import SAFETY_NET
from tests.triggers.folder_watching import watching

pytestmark = pytest.mark.asyncio(loop_scope="module")

SHARE = Mount(source="nas:/photos", type="ext4")
EMPTY_MOUNT_POINT = Mount(source="/dev/sda1", type="ext4", root="/mnt/photos")
EVERYTHING = ("added", "changed", "removed", "renamed")

TABLE = r"""
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 22 0:40 / /mnt/nas rw - nfs4 nas:/photos rw
31 22 0:41 /sub /mnt/two\040words rw master:1 - fuse.sshfs user@host: rw
32 22 8:2 / /mnt/nasty rw - xfs /dev/sda2 rw
33 22 0:42 / /mnt/over rw - ext4 /dev/sdb1 rw
34 22 0:43 / /mnt/over rw - cifs //nas/over rw
""".strip()


@pytest.mark.parametrize(
    ("folder", "identity", "remote"),
    [
        ("/home/inbox", "ext4 /dev/sda1 /", False),
        ("/mnt/nas", "nfs4 nas:/photos /", True),
        ("/mnt/nas/inbox", "nfs4 nas:/photos /", True),
        ("/mnt/nasty/inbox", "xfs /dev/sda2 /", False),
        ("/mnt/two words/inbox", "fuse.sshfs user@host: /sub", True),
        ("/mnt/over", "cifs //nas/over /", True),
    ],
)
async def test_a_folder_lies_on_the_innermost_and_latest_mount(
    folder: str, identity: str, remote: bool
) -> None:
    mount = mount_in(TABLE, folder)
    assert (mount.identity, mount.is_remote) == (identity, remote)


async def test_the_mount_of_a_real_folder_is_found(inbox: Inbox) -> None:
    mount = await asyncio.to_thread(mount_of, str(inbox.folder))
    assert mount.type not in ("none", "device")
    with pytest.raises(FileNotFoundError):
        await asyncio.to_thread(mount_of, str(inbox.folder / "missing"))


class Mounts:
    """What is said to be mounted below the inbox; changes when told to."""

    def __init__(self, mount: Mount) -> None:
        self.mount = mount

    def of(self, folder: str) -> Mount:
        mount_of(folder)  # fails where there is no folder, as the real one does
        return self.mount


async def test_a_share_that_goes_away_and_comes_back_starts_nothing(
    inbox: Inbox, context: MemoryTriggerContext
) -> None:
    mounts, away = Mounts(SHARE), inbox.folder.parent / "away"
    for seed in range(3):
        inbox.drop(f"{seed}.jpg", seed)
    async with watching(
        context, safety_net=SAFETY_NET, mount_of=mounts.of, existing="process", events=EVERYTHING
    ):
        await context.pass_time_until(lambda: len(context.events) == 3)
        mounts.mount = EMPTY_MOUNT_POINT
        inbox.folder.rename(away)
        inbox.folder.mkdir()
        await context.pass_time_until(lambda: context.reports[-1][0] == "unavailable")
        assert "another file system" in context.reports[-1][1]
        inbox.folder.rmdir()
        away.rename(inbox.folder)
        mounts.mount = SHARE
        await context.pass_time_until(lambda: context.reports[-1][0] == "watching")
        inbox.drop("new.jpg", 9)
        await context.pass_time_until(lambda: len(context.events) == 4)
    assert context.seen()[3:] == [("added", "new.jpg")]
    assert len(context.ledger.rows) == 4


async def test_files_that_vanish_with_their_mount_keep_their_rows(
    inbox: Inbox, context: MemoryTriggerContext
) -> None:
    """The kernel's hints say that each file is gone; the mount says why."""
    mounts = Mounts(SHARE)
    path = inbox.drop("a.jpg")
    async with watching(context, mount_of=mounts.of, existing="process", events=EVERYTHING):
        await context.pass_time_until(lambda: context.events)
        mounts.mount = EMPTY_MOUNT_POINT
        path.unlink()
        await context.pass_time_until(lambda: context.reports[-1][0] == "unavailable")
    assert path in context.ledger.rows
    assert len(context.events) == 1


async def test_a_share_that_is_not_there_at_the_start_is_waited_for(
    inbox: Inbox, context: MemoryTriggerContext
) -> None:
    path = inbox.drop("a.jpg")
    async with watching(context, existing="process"):
        await context.pass_time_until(lambda: context.events)
    mounts, away = Mounts(EMPTY_MOUNT_POINT), inbox.folder.parent / "away"
    inbox.folder.rename(away)
    inbox.folder.mkdir()
    async with watching(context, mount_of=mounts.of):
        assert context.reports[-1][0] == "unavailable"
    assert path in context.ledger.rows


async def test_the_same_files_on_another_device_are_the_same_files(
    inbox: Inbox, context: MemoryTriggerContext
) -> None:
    inbox.drop("a.jpg", 1)
    gone = inbox.drop("b.jpg", 2)
    async with watching(context, existing="process", mount_of=Mounts(SHARE).of):
        await context.pass_time_until(lambda: len(context.events) == 2)
    gone.unlink()
    other = Mount(source="/dev/sdb1", type="ext4")
    async with watching(context, mount_of=Mounts(other).of, events=EVERYTHING):
        await context.pass_time_until(lambda: len(context.events) == 3)
    assert context.seen()[2:] == [("removed", "b.jpg")]
    assert context.ledger.kept == {"mount": other.identity}


async def test_a_folder_that_is_removed_and_made_again_is_watched_again(
    inbox: Inbox, context: MemoryTriggerContext
) -> None:
    async with watching(context, safety_net=SAFETY_NET):
        shutil.rmtree(inbox.folder)
        await context.pass_time_until(lambda: context.reports[-1][0] == "unavailable")
        assert context.reports[-1][1] == f"There is no folder {inbox.folder}."
        inbox.folder.mkdir()
        await context.pass_time_until(lambda: context.reports[-1][0] == "watching")
        inbox.drop("a.jpg")
        await context.pass_time_until(lambda: context.events)


async def test_all_files_really_removed_are_removed(
    inbox: Inbox, context: MemoryTriggerContext
) -> None:
    path = inbox.drop("a.jpg")
    async with watching(context, existing="process", events=("added", "removed")):
        await context.pass_time_until(lambda: context.events)
        path.unlink()
        await context.pass_time_until(lambda: len(context.events) == 2)
    assert context.reports[-1][0] == "watching"
