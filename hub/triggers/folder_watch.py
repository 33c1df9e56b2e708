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
import contextlib
import errno
import os
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from pathlib import Path

from hub.errors import Invalid
from hub.records.sighting import SightingState
from hub.triggers.base import TriggerContext
from hub.triggers.folder_batch import Batches
from hub.triggers.folder_hints import Hints
from hub.triggers.folder_judge import Judge
from hub.triggers.folder_mount import Mount, mount_of
from hub.triggers.folder_rows import Rows, is_unread
from hub.triggers.folder_scan import Findings, Fingerprint, Places, fingerprint_of, scan
from hub.triggers.folder_selection import Selection
from hub.triggers.folder_settings import Existing, FolderSettings
from hub.triggers.folder_settling import Settling, Waiting

_JUDGES = 64  # most of them wait: for a probe, the disk or the database, who take many at once
SAFETY_NET = timedelta(seconds=60)  # how often to look everywhere while the kernel gives hints
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
    the tasks; `_leave_alone` says what the first look does with what is new; `_remembered` is the
    identity of the mount that the ledger is about; `_watching` is set once the first look is
    done; `_polling` says that the kernel gives no hints; `_tried` holds, for files that could not
    be opened, when their inode had last been touched; `_problems` are what the last look through
    the whole folder could not see.
    """

    def __init__(
        self,
        settings: FolderSettings,
        context: TriggerContext,
        *,
        mount_of: Callable[[str], Mount] = mount_of,
        safety_net: timedelta = SAFETY_NET,
    ) -> None:
        self._settings = settings
        self._context = context
        self._clock = context.clock
        self._mount_of = mount_of
        self._safety_net = safety_net
        self._root = root_of(settings, context.folders.config)
        self._selection = Selection(self._root, settings)
        self._settling = Settling(settings.settle.total_seconds())
        self._settled: asyncio.Queue[tuple[str, Waiting]] = asyncio.Queue()
        self._watching = asyncio.Event()
        self._polling = False
        self._tried: dict[str, int] = {}
        self._problems: list[str] = []
        self._reported = ("", "")

    async def run(self) -> None:
        """Watch until cancelled. Raises `NotAllowed`."""
        if not await asyncio.to_thread(self._context.folders.allows, Path(self._root)):
            raise NotAllowed(self._root)
        ledger = self._context.ledger
        self._rows = Rows(ledger, await ledger.open_sightings())
        state = await ledger.state()
        self._remembered: str | None = state.get(_MOUNT)
        self._leave_alone = self._settings.existing is Existing.SKIP or (
            not state and self._settings.existing is Existing.SINCE_LAST_RUN
        )
        try:
            async with Hints(self._root, recursive=self._settings.recursive) as self._hints:
                await self._work()
        except ExceptionGroup as failures:
            raise failures.exceptions[0] from failures

    async def _work(self) -> None:
        batch = self._settings.batch
        async with asyncio.TaskGroup() as tasks:
            accepting = Batches(batch, self._context, tasks).accept if batch else None
            self._judge = Judge(
                self._settings,
                self._context,
                self._selection,
                self._rows,
                accepting or self._context.accept,
            )
            tasks.create_task(self._look_where_hinted(), name="look where hinted")
            tasks.create_task(self._look_regularly(), name="look regularly")
            tasks.create_task(self._let_settle(), name="let settle")
            # A file that waits in its batch keeps its judge.
            for number in range(_JUDGES + (batch.max if batch else 0)):
                tasks.create_task(self._judge_settled(), name=f"judge {number}")

    async def _look_regularly(self) -> None:
        self._hints.look_everywhere()
        await self._watching.wait()
        while True:
            pause = self._settings.interval if self._polling else self._safety_net
            await self._clock.sleep(pause.total_seconds())
            self._hints.look_everywhere()

    async def _look_where_hinted(self) -> None:
        while True:
            places = await self._hints.taken()
            try:
                if self._root in places.trees or not self._watching.is_set():
                    await self._look_everywhere(places)
                else:
                    self._note(await self._scan(places), places)
                    self._report_watching()
            except _Away as away:
                self._report("unavailable", str(away))
                await self._clock.sleep(self._settings.interval.total_seconds())
                self._hints.look_everywhere()

    async def _look_everywhere(self, places: Places) -> None:
        mount = await self._mount()
        await self._observe(mount)
        findings = await self._scan(Places(trees=frozenset({self._root})))
        if mount.identity != self._remembered:
            self._refuse_other_mount(findings)
        if self._leave_alone:
            await self._leave_as_found(findings)
        else:
            self._note(findings, places)
        if mount.identity != self._remembered:
            await self._context.ledger.remember({_MOUNT: mount.identity})
            self._remembered = mount.identity
        self._leave_alone = False
        self._watching.set()
        self._problems = findings.problems
        self._report_watching()

    async def _mount(self) -> Mount:
        try:
            return await asyncio.to_thread(self._mount_of, self._root)
        except OSError as error:
            raise _Away(self._cannot_look(error)) from None

    async def _observe(self, mount: Mount) -> None:
        """Have the kernel give hints, unless the folder is polled."""
        polling = self._settings.polling
        self._polling = mount.is_remote if polling == "auto" else polling
        if self._polling:
            return
        try:
            await self._hints.observe()
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EMFILE):
                raise _Away(self._cannot_look(error)) from None
            self._polling = True

    async def _scan(self, places: Places) -> Findings:
        try:
            return await asyncio.to_thread(scan, self._selection, places, self._rows.all())
        except OSError as error:
            raise _Away(self._cannot_look(error)) from None

    def _refuse_other_mount(self, findings: Findings) -> None:
        """Raises `_Away` if another file system lies where the known files were, without them."""
        if self._remembered is not None and findings.missing and not findings.present:
            raise _Away(
                f"{self._root} lies on another file system than before, and none of the"
                f" {len(findings.missing)} known files is there. Mount it again; if the change is"
                " meant, give the trigger another id."
            )

    async def _leave_as_found(self, findings: Findings) -> None:
        """Take note of what is there, and of what is gone, without events."""
        now = self._clock.now()
        reason = "It was there before the trigger began to watch."
        await self._rows.record(
            [
                fingerprint.sighting(
                    path, state=SightingState.LEFT_ALONE, reason=reason, seen_at=now
                )
                for path, fingerprint in findings.fresh.items()
            ]
        )
        await self._rows.close(findings.missing)

    def _note(self, findings: Findings, places: Places) -> None:
        now = self._clock.monotonic()
        for path in (*self._vacated(places), *self._renamed(findings)):
            self._settling.note(path, None, now)
        for path, fingerprint in findings.fresh.items():
            if self._is_news(path, fingerprint):
                self._settling.note(path, fingerprint, now)
        for path in findings.missing:
            self._settling.note(path, None, now)

    def _vacated(self, places: Places) -> Iterator[str]:
        """Names that had a file, and lost it according to the kernel."""
        for path in places.vacated:
            if self._rows.get(path) or self._settling.holds(path):
                yield path
        if folders := places.vacated & places.trees:
            yield from self._rows.below(folders)

    def _renamed(self, findings: Findings) -> Iterator[str]:
        """Names that have another file, while their own has another name. The kernel tells so, if
        it does; but no hints come from shares, or for what happened while nobody watched."""
        named = {fingerprint.inode: fingerprint for fingerprint in findings.fresh.values()}
        for path, fingerprint in findings.fresh.items():
            row = self._rows.get(path)
            if row is not None and fingerprint.inode != row.inode:
                elsewhere = named.get(row.inode)
                if elsewhere is not None and elsewhere.matches(row):
                    yield path

    def _is_news(self, path: str, fingerprint: Fingerprint) -> bool:
        """Whether there is something to judge. It may have been judged since the look began; and
        what could not be opened is tried again if its inode was touched, as by new permissions."""
        row = self._rows.get(path)
        if row is None or not fingerprint.matches(row):
            return True
        return is_unread(row) and self._tried.get(path) != fingerprint.changed_ns

    async def _let_settle(self) -> None:
        while True:
            due = await self._settling.due()
            await self._clock.sleep(due - self._clock.monotonic())
            settled = self._settling.take(self._clock.monotonic())
            present = await asyncio.to_thread(_fingerprints, settled)
            passed_on = {}
            for path, waiting in settled.items():
                # One that cannot be told is passed on: the judge will not be able to tell either.
                found = present.get(path, waiting.fingerprint)
                if found != waiting.fingerprint:
                    await self._wait_anew(path, waiting, found)
                elif waiting.was_gone:
                    passed_on[path] = waiting
                else:
                    self._settled.put_nowait((path, waiting))
            if passed_on:
                await self._pass_on_gone(passed_on)

    async def _wait_anew(self, path: str, waiting: Waiting, found: Fingerprint | None) -> None:
        now = self._clock.monotonic()
        self._settling.put_back(path, found, now)
        if found and now - waiting.first >= self._settings.quarantine_after.total_seconds():
            await self._judge.show_restless(path, found)

    async def _pass_on_gone(self, gone: dict[str, Waiting]) -> None:
        """To a judge, unless the whole file system may be gone, or a file that is still settling
        may be the one that had this name: it has to be judged first."""
        now = self._clock.monotonic()
        if not await self._is_same_mount():
            for path in gone:
                self._settling.release(path, now)
            self._hints.look_everywhere()
            return
        inodes = self._settling.inodes()
        for path, waiting in gone.items():
            row, here = self._rows.get(path), waiting.fingerprint
            if row is None and here is None:
                self._done_with(path)
            elif row and row.inode in inodes and not (here and here.inode == row.inode):
                self._settling.put_back(path, here, now)
            else:
                self._settled.put_nowait((path, waiting))

    async def _is_same_mount(self) -> bool:
        try:
            return (await self._mount()).identity == self._remembered
        except _Away:
            return False

    async def _judge_settled(self) -> None:
        while True:
            path, waiting = await self._settled.get()
            self._done_with(path, judged=await self._judge_one(path, waiting))

    def _done_with(self, path: str, *, judged: bool = True) -> None:
        if self._settling.release(path, self._clock.monotonic()) or not judged:
            self._look_again(path)

    async def _judge_one(self, path: str, waiting: Waiting) -> bool:
        if waiting.fingerprint is None:
            await self._judge.see_off(path)
            return True
        done = await self._judge.judge(path, waiting.fingerprint, was_gone=waiting.was_gone)
        self._remember_try(path, waiting.fingerprint)
        return done

    def _look_again(self, path: str) -> None:
        if self._polling:  # nobody would tell of the other name, should the file be renamed
            self._hints.look_everywhere()
        else:
            self._hints.look_at(path)

    def _remember_try(self, path: str, fingerprint: Fingerprint) -> None:
        row = self._rows.get(path)
        if row is not None and is_unread(row):
            self._tried[path] = fingerprint.changed_ns
        else:
            self._tried.pop(path, None)

    def _cannot_look(self, error: OSError) -> str:
        if isinstance(error, FileNotFoundError | NotADirectoryError):
            return f"There is no folder {self._root}."
        reason = (error.strerror or "unknown reason").lower()
        return f"{self._root} cannot be looked into: {reason}."

    def _why_polling(self) -> list[str]:
        if not self._polling:
            return []
        return [f"Looked through every {self._settings.interval.total_seconds():g} s."]

    def _report_watching(self) -> None:
        notes = [*self._problems, *self._selection.complaints, *self._why_polling()]
        self._report("watching", " ".join(notes))

    def _report(self, state: str, reason: str) -> None:
        if self._reported != (state, reason):
            self._reported = (state, reason)
            self._context.report(state, reason)


def _fingerprints(paths: Iterable[str]) -> dict[str, Fingerprint | None]:
    """How the files are now; those of which it cannot be told are left out."""
    found = {}
    for path in paths:
        with contextlib.suppress(OSError):
            found[path] = fingerprint_of(path)
    return found
