"""What comes of an event, for those who wait for it: the firing, its runs, their outputs."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hub.automations.actions.base import RESPONSE, describe_output
from hub.automations.templates import Templates
from hub.notices import (
    FiringChanged,
    NodeProgressed,
    Notice,
    Notices,
    NoticesLost,
    RunFinished,
    RunQueued,
    RunStarted,
    Subscription,
)
from hub.records.event import Event
from hub.records.firing import firing_id
from hub.records.run import Run
from hub.records.wait import waiting_step
from hub.storage.books import Books
from hub.triggers.base import Outcome


class Outcomes:
    """Implements `hub.triggers.base.Outcomes`."""

    def __init__(self, books: Books, notices: Notices, templates: Templates) -> None:
        self._books = books
        self._notices = notices
        self._templates = templates

    async def of(self, event: Event) -> Outcome:
        with self._notices.subscribe() as subscription:
            async for _ in self._until_ended(event, subscription):
                pass
        return await self._outcome(event)

    @contextmanager
    def told(self, event: Event) -> Iterator[AsyncIterator[dict[str, Any]]]:
        with self._notices.subscribe() as subscription:
            yield self._tell(event, subscription)

    async def render(self, template: str, variables: dict[str, Any]) -> str:
        return str(await self._templates.render(template, variables, native=False))

    async def _tell(
        self, event: Event, subscription: Subscription
    ) -> AsyncIterator[dict[str, Any]]:
        yield {"type": "accepted", "event": event.id, "firing": _firing_of(event)}
        async for notice in self._until_ended(event, subscription):
            if said := _said(notice, _firing_of(event)):
                yield said
        yield {"type": "ended", **(await self._outcome(event)).report}

    async def _until_ended(self, event: Event, subscription: Subscription) -> AsyncIterator[Notice]:
        if await self._has_ended(event):
            return
        firing = _firing_of(event)
        async for notice in subscription:
            yield notice
            is_own = isinstance(notice, FiringChanged) and notice.firing == firing
            may_be_over = is_own or isinstance(notice, NoticesLost)
            if may_be_over and await self._has_ended(event):
                return

    async def _has_ended(self, event: Event) -> bool:
        firings = await self._books.firings.of_event(event.id)
        return any(firing.ended_at is not None for firing in firings)

    async def _outcome(self, event: Event) -> Outcome:
        (firing,) = await self._books.firings.of_event(event.id)
        runs = await self._books.runs.of_firing(firing.id)
        outputs = await self._books.outputs.of_runs([run.id for run in runs])
        described = [describe_output(each) for run in runs for each in outputs[run.id]]
        report = {
            "event": event.id,
            "firing": firing.id,
            "state": firing.state.value,
            "reason": firing.reason,
            "response": await self._response(firing.id),
            "runs": [_shape(run) for run in runs],
            "outputs": [{**each, "url": f"/api/hub/outputs/{each['id']}"} for each in described],
        }
        return Outcome(report=report, output=Path(described[0]["path"]) if described else None)

    async def _response(self, firing: str) -> Any:
        """What its `stop` gave, if it did."""
        steps = await self._books.firings.steps(firing)
        given = [step.result for step in steps if step.key.endswith(f"/{RESPONSE}")]
        return given[0] if given else None


def _firing_of(event: Event) -> str:
    """The firing that the event begins, or that waited for it."""
    waiting = waiting_step(event.trigger)
    return waiting[0] if waiting else firing_id(event)


def _said(notice: Notice, firing: str) -> dict[str, Any] | None:
    """A notice as it is told to those who wait for that firing; None if it is about another."""
    match notice:
        case FiringChanged() if notice.firing == firing:
            return {"type": "firing", "state": notice.state, "step": notice.step}
        case RunQueued(run=run) | RunStarted(run=run) | RunFinished(run=run) if (
            run.firing == firing
        ):
            return {"type": "run", **_shape(run)}
        case NodeProgressed(run=run) if run.firing == firing:
            progress = {"node": notice.node, "value": notice.value, "maximum": notice.maximum}
            return {"type": "progress", "number": run.number, **progress}
    return None


def _shape(run: Run) -> dict[str, Any]:
    return {
        "id": run.id,
        "number": run.number,
        "state": run.state.value,
        "error": run.error.message if run.error else None,
    }
