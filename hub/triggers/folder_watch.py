"""Watching a folder: look, let settle, judge.

Three kinds of tasks hand files to each other. One looks wherever a hint leads and notes what
differs from the ledger. One waits until what was noted has been quiet for a while. A few judge
what has settled. Whoever finds that a file moved on meanwhile leaves a hint, and it goes round
once more. An example, with `settle: 2s`:

    0.0  a.jpg is created: a hint, a look, it is not in the ledger, it starts to wait
    1.2  its writer closes it: a hint, a look, it has grown, it waits anew
    3.2  it is as it was: it goes to a judge, who has it opened and accepts it

The ledger alone says what is known. Hints only make the looks come sooner: the whole folder is
looked through at every start, at intervals, and whenever hints may have been lost.
"""

import asyncio
import errno
import os
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path

from hub.errors import Invalid
from hub.records.sighting import Sighting, SightingState
from hub.triggers.base import TriggerContext
from hub.triggers.folder_hints import Hints
from hub.triggers.folder_judge import Judge
from hub.triggers.folder_mount import Mount, mount_of
from hub.triggers.folder_rows import Rows, is_unread
from hub.triggers.folder_scan import Findings, Fingerprint, Places, fingerprint_of, scan
from hub.triggers.folder_selection import Selection
from hub.triggers.folder_settings import Existing, FolderSettings
from hub.triggers.folder_settling import Settling, Waiting

_JUDGES = 4  # twice the probes, so that these never wait for the disk
_SAFETY_NET = timedelta(seconds=60)  # how often to look everywhere while the kernel gives hints
_MOUNT = "mount"  # the key under which the trigger's state keeps the identity of the mount


class NotAllowed(Invalid):
    """The folder to watch is none that the hub may touch."""

    def __init__(self, root: str) -> None:
        super().__init__(
            f"{root} lies outside the folders that triggers may watch. "
            "Add it to `folders: allow:` in hub.yaml."
        )


def root_of(settings: FolderSettings, config: Path) -> str:
    """The watched folder, absolute."""
    return os.path.abspath(config / settings.path)  # noqa: PTH100 - Path keeps `..`


class _Away(Exception):
    """The folder is not there, or not as it was; the text says what is the matter."""


class FolderWatch:
    """One folder being watched for one trigger.

    State: `_rows` mirrors the ledger; `_hints`, `_settling` and `_settled` are the ways between
    the tasks; `_remembered` is the identity of the mount that the ledger is about; `_first` is
    true until the folder was looked through once; `_polling` while the kernel gives no hints.
    """

    def __init__(
        self,
        settings: FolderSettings,
        context: TriggerContext,
        *,
        mount_of: Callable[[str], Mount] = mount_of,
    ) -> None:
        self._settings = settings
        self._context = context
        self._clock = context.clock
        self._mount_of = mount_of
        self._root = root_of(settings, context.folders.config)
        self._selection = Selection(self._root, settings)
        self._settling = Settling(settings.settle.total_seconds())
        self._settled: asyncio.Queue[tuple[str, Fingerprint | None]] = asyncio.Queue()
        self._first = True
        self._polling = False
        self._reported = ("", "")

    async def run(self) -> None:
        """Watch until cancelled. Raises `NotAllowed`."""
        if not await asyncio.to_thread(self._context.folders.allows, Path(self._root)):
            raise NotAllowed(self._root)
        ledger = self._context.ledger
        self._rows = Rows(ledger, await ledger.open_sightings())
        self._judge = Judge(self._settings, self._context, self._selection, self._rows)
        state = await ledger.state()
        self._remembered: str | None = state.get(_MOUNT)
        try:
            async with Hints(self._root, recursive=self._settings.recursive) as self._hints:
                await self._work()
        except ExceptionGroup as failures:
            raise failures.exceptions[0] from failures

    async def _work(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._look_where_hinted(), name="look where hinted")
            tasks.create_task(self._look_regularly(), name="look regularly")
            tasks.create_task(self._let_settle(), name="let settle")
            for number in range(_JUDGES):
                tasks.create_task(self._judge_settled(), name=f"judge {number}")

    async def _look_regularly(self) -> None:
        while True:
            self._hints.look_everywhere()
            pause = self._settings.interval if self._polling else _SAFETY_NET
            await self._clock.sleep(pause.total_seconds())

    async def _look_where_hinted(self) -> None:
        while True:
            places = await self._hints.taken()
            try:
                if places.trees == {self._root}:
                    await self._look_everywhere(places)
                else:
                    self._note(await self._scan(places))
            except _Away as reason:
                self._report("unavailable", str(reason))
                await self._clock.sleep(self._settings.interval.total_seconds())
                self._hints.look_everywhere()
