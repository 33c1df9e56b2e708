"""The judgement of one file that has settled: an event, or the reason why there is none."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from hub.crash import crash_point
from hub.errors import Conflict
from hub.records.event import Event
from hub.records.media import Inspection
from hub.records.sighting import Past, Sighting, SightingState
from hub.triggers.base import Observation, TriggerContext
from hub.triggers.folder_happening import Happening
from hub.triggers.folder_rows import Rows, is_known, same_content
from hub.triggers.folder_scan import Fingerprint, fingerprint_of
from hub.triggers.folder_selection import Selection
from hub.triggers.folder_settings import FolderEvent, FolderSettings, OnDuplicate


@dataclass(frozen=True, kw_only=True, slots=True)
class _Case:
    """A file before the judge: what the file system says, what the probe says, what the ledger
    says (`row` of the name, `past` of the content), and the row that will take its place, still
    without a judgement (`draft`)."""

    fingerprint: Fingerprint
    inspection: Inspection
    row: Sighting | None
    past: Past
    draft: Sighting

    @property
    def path(self) -> Path:
        return self.draft.path


class Judge:
    """Judges the files of one folder trigger; several may be before it at once.

    `accepting` takes a file's observation, alone or with others. State: `_in_hand` are the
    contents being judged, so that of two equal files that arrive together the second waits for the
    first and is found to be its duplicate.
    """

    def __init__(
        self,
        settings: FolderSettings,
        context: TriggerContext,
        selection: Selection,
        rows: Rows,
        accepting: Callable[[Observation], Awaitable[Event]],
    ) -> None:
        self._settings = settings
        self._context = context
        self._selection = selection
        self._rows = rows
        self._accepting = accepting
        self._in_hand: dict[str, asyncio.Event] = {}

    async def judge(self, path: str, fingerprint: Fingerprint, *, was_gone: bool) -> bool:
        """Open a file that is there, and conclude; False if it changed, or gave way to another.

        `was_gone` says that its name was without a file since the row was written.
        """
        inspection = await self._context.probe.inspect(Path(path))
        crash_point("file_inspected")
        if not await _is_of(inspection, path, fingerprint):
            return False
        async with self._turn(inspection.sha256 or path):
            row = self._rows.get(path)
            if row and not fingerprint.matches(row) and (was_gone or await self._took_away(row)):
                await self.see_off(path)
                row = None
            case = _Case(
                fingerprint=fingerprint,
                inspection=inspection,
                row=row,
                past=await self._past_of(path, inspection.sha256),
                draft=self._draft(path, fingerprint, inspection.sha256),
            )
            return await self._conclude(case)

    async def see_off(self, path: str) -> None:
        """The file of this row is gone; whether another one has its name does not matter."""
        row = self._rows.get(path)
        if row is not None and await self._is_loss(row):
            happening = Happening(
                event=FolderEvent.REMOVED,
                folder=self._selection.root,
                file=row,
                match=await self._match(path),
            )
            await self._context.accept(happening.observation(moment=row.seen_at.isoformat()))
        await self._rows.close([path])

    async def show_restless(self, path: str, fingerprint: Fingerprint) -> None:
        """Show a file that never stops changing in quarantine, once."""
        row = self._rows.get(path)
        change = FolderEvent.CHANGED if row and is_known(row) else FolderEvent.ADDED
        if not self._settings.wants(change):
            return
        if row is None or row.state is not SightingState.QUARANTINED:
            minutes = self._settings.quarantine_after.total_seconds() / 60
            reason = f"It is still changing after {minutes:g} minutes."
            draft = self._draft(path, fingerprint, None)
            await self._record(
                draft, SightingState.QUARANTINED, reason, event=row.event if row else None
            )

    @asynccontextmanager
    async def _turn(self, content: str) -> AsyncIterator[None]:
        while content in self._in_hand:
            await self._in_hand[content].wait()
        done = self._in_hand[content] = asyncio.Event()
        try:
            yield
        finally:
            del self._in_hand[content]
            done.set()

    async def _conclude(self, case: _Case) -> bool:
        """In this order: touched, the hub's own, changed, renamed, back again, added."""
        row = case.row
        if row and row.state is not SightingState.QUARANTINED and same_content(row, case.draft):
            return await self._carry_over(row, case, row.reason)
        if case.past.is_own:
            return await self._note(case, SightingState.OWN, "The hub itself put it there.")
        if row and (is_known(row) or not self._settings.wants(FolderEvent.ADDED)):
            return await self._take(case, FolderEvent.CHANGED)
        if origin := await self._origin(case):
            return await self._take_renamed(origin, case)
        if (gone := case.past.unopened) and same_content(gone, case.draft):
            # As if it had never been away, so that a share may lose its files and find them again.
            return await self._record(
                replace(case.draft, sha256=None), gone.state, gone.reason, event=gone.event
            )
        return await self._take(case, FolderEvent.ADDED)

    async def _past_of(self, path: str, sha256: str | None) -> Past:
        return await self._context.ledger.past_of(Path(path), sha256) if sha256 else Past()

    async def _origin(self, case: _Case) -> Sighting | None:
        """The row of the file that was given this new name, if that is what happened."""
        for row in self._rows.with_inode(case.fingerprint.inode):
            if not is_known(row) or not same_content(row, case.draft):
                continue
            if await asyncio.to_thread(_has_left, row):
                return row
        return None

    async def _take_renamed(self, origin: Sighting, case: _Case) -> bool:
        path = os.fspath(origin.path)
        if self._settings.wants(FolderEvent.RENAMED):
            return await self._take(case, FolderEvent.RENAMED, previous_path=path)
        name = os.fsencode(self._selection.relative(path)).decode(errors="replace")
        return await self._carry_over(origin, case, f"It was renamed from {name}.")

    async def _take(
        self, case: _Case, event: FolderEvent, *, previous_path: str | None = None
    ) -> bool:
        """Make an event of what happened to the file, unless something speaks against that."""
        media, wanted = case.inspection.media, self._settings.media
        if not self._settings.wants(event):
            reason = f"It was {event}, and that is not among the events the trigger is about."
            return await self._note(case, SightingState.LEFT_ALONE, reason)
        if media is None:
            reason = _sentence(case.inspection.problem or "cannot be opened")
            return await self._note(case, SightingState.QUARANTINED, reason)
        if not wanted.takes(media.kind):
            reason = f"It is media of the kind {media.kind}, not {wanted}."
            return await self._note(case, SightingState.LEFT_ALONE, reason)
        skips = self._settings.on_duplicate is OnDuplicate.SKIP
        if event is not FolderEvent.RENAMED and skips and (earlier := case.past.event):
            reason = f"Its content led to event {earlier} before."
            return await self._note(case, SightingState.DUPLICATE, reason, event=earlier)
        return await self._accept(case, event, previous_path)

    async def _accept(self, case: _Case, event: FolderEvent, previous_path: str | None) -> bool:
        try:
            stored = await self._context.inputs.admit(case.path, case.inspection)
        except Conflict:  # it changed under our hands and will be looked at again
            return False
        crash_point("file_admitted")
        admitted = replace(case.draft, state=SightingState.ADMITTED, reason=f"It was {event}.")
        happening = Happening(
            event=event,
            folder=self._selection.root,
            file=admitted,
            media=case.inspection.media,
            stored=stored,
            previous_path=previous_path,
            match=await self._match(os.fspath(case.path)),
        )
        accepted = await self._accepting(
            happening.observation(moment=str(case.fingerprint.changed_ns), sighting=admitted)
        )
        admitted = replace(admitted, event=accepted.id)
        self._rows.keep(admitted)
        self._context.sighted(admitted)
        return True

    async def _match(self, path: str) -> dict[str, str | None]:
        """What the groups of `regex` find, which may take a while."""
        if self._settings.regex is None:
            return {}
        return await asyncio.to_thread(self._selection.groups, path)

    async def _is_loss(self, row: Sighting) -> bool:
        """Whether a gone file was removed, not renamed or moved by the hub, and ever whole."""
        if not self._settings.wants(FolderEvent.REMOVED) or not is_known(row):
            return False
        elsewhere = any(
            other.path != row.path and same_content(row, other)
            for other in self._rows.with_inode(row.inode)
        )
        if row.state is SightingState.OWN or elsewhere:
            return False
        return not await self._took_away(row)

    async def _took_away(self, row: Sighting) -> bool:
        """Whether the hub itself moved the file away, after what it led to."""
        return row.event is not None and await self._context.ledger.moved_source_of(row.event)

    async def _carry_over(self, row: Sighting, case: _Case, reason: str) -> bool:
        """The judgement stands; only the name, the time stamp or the inode is new."""
        return await self._record(case.draft, row.state, reason, event=row.event)

    async def _note(
        self, case: _Case, state: SightingState, reason: str, *, event: str | None = None
    ) -> bool:
        """Judge without an event; what the file led to before stays with it."""
        event = event or (case.row.event if case.row else None)
        return await self._record(case.draft, state, reason, event=event)

    async def _record(
        self, draft: Sighting, state: SightingState, reason: str, *, event: str | None
    ) -> bool:
        sighting = replace(draft, state=state, reason=reason, event=event)
        await self._rows.record([sighting])
        self._context.sighted(sighting)
        return True

    def _draft(self, path: str, fingerprint: Fingerprint, sha256: str | None) -> Sighting:
        return fingerprint.sighting(
            path,
            state=SightingState.LEFT_ALONE,
            reason="",
            seen_at=self._context.clock.now(),
            sha256=sha256,
        )


async def _is_of(inspection: Inspection, path: str, fingerprint: Fingerprint) -> bool:
    """Whether the file that was opened is the one that had settled. If there was something wrong
    with it, it must also be so still: that may have been due to a change."""
    if inspection.media is not None:
        return fingerprint.is_of(inspection)
    return await asyncio.to_thread(_is_still, path, fingerprint)


def _is_still(path: str, fingerprint: Fingerprint) -> bool:
    try:
        return fingerprint_of(path) == fingerprint
    except OSError:  # it cannot be told
        return False


def _has_left(row: Sighting) -> bool:
    """Whether the file's name has no file by now, or another one."""
    try:
        found = fingerprint_of(os.fspath(row.path))
    except OSError:  # it cannot be told
        return False
    return found is None or found.inode != row.inode


def _sentence(problem: str) -> str:
    """A probe's clause as a sentence; those that begin with a small letter are about the file."""
    return f"It {problem}." if problem[0].islower() else f"{problem}."
