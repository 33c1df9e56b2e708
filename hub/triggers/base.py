"""What a trigger is: settings that know how to watch.

A trigger does not yield what it observes, it hands it to `context.accept` and waits: when that
returns, the event is on disk. Only then may it be acknowledged (a webhook answers 202, a folder
goes on to the next file). Several observations can be under way at once, which a plain iterator
would not allow.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar, Protocol

from hub.clock import Clock
from hub.config.folders import Folders
from hub.records.event import Event
from hub.records.media import Inspection
from hub.records.occurrence import Occurrence, OccurrenceState
from hub.records.run import Run
from hub.records.sighting import Past, Sighting
from hub.triggers.life import Life


@dataclass(frozen=True, kw_only=True, slots=True)
class Observation:
    """What a trigger saw. `key` tells observations of one trigger apart: the same key is the same
    event. Exactly the rows that belong to it are written with it, in one transaction."""

    key: str
    variables: dict[str, Any] = field(default_factory=dict)
    sightings: tuple[Sighting, ...] = ()
    settles: tuple[Occurrence, ...] = ()


class Ledger(Protocol):
    """What one folder trigger remembers about files."""

    async def open_sightings(self) -> dict[Path, Sighting]:
        """Every file that is believed to be there, as last judged."""

    async def record(self, sightings: list[Sighting]) -> None:
        """Remember these judgements in place of earlier ones of the same paths."""

    async def close(self, paths: list[Path]) -> None:
        """The files are gone: should they come again, they are new."""

    async def past_of(self, path: Path, sha256: str) -> Past:
        """What is known of this content, there and elsewhere, and of the name."""

    async def moved_source_of(self, event: str) -> bool:
        """Whether the hub itself moved the file away that led to this event."""

    async def state(self) -> dict[str, Any]:
        """What `remember` was last given; empty at the trigger's very first start."""

    async def remember(self, state: dict[str, Any]) -> None:
        """Keep a small JSON state of the trigger (such as the identity of its mount)."""


class Occurrences(Protocol):
    """The scheduled moments of one schedule trigger."""

    async def due(self) -> list[Occurrence]:
        """Moments that are neither fired nor settled otherwise, earliest first."""

    async def last(self) -> datetime | None:
        """The latest moment there is a row for."""

    async def add(self, moments: list[datetime]) -> None:
        """Make rows. Cancelled ones are due again; others that exist stay as they are."""

    async def settle(self, moments: list[datetime], state: OccurrenceState) -> None:
        """Close rows without an event."""


class Probe(Protocol):
    """Opens files from outside, in a process of its own."""

    async def inspect(self, path: Path) -> Inspection:
        """Hash the file and decode it to its end."""


class InputStore(Protocol):
    """Keeps input files by their hash."""

    async def admit(self, path: Path, inspection: Inspection) -> str:
        """Take a durable copy; gives its name, `<sha256>.<ext>`.

        Raises `Conflict` if the file no longer has the inspected content.
        """

    def path_of(self, name: str) -> Path:
        """Where the copy of that name lies."""


class Queue(Protocol):
    """The queue of runs, those that are being carried out included."""

    async def until_empty(self) -> None: ...

    async def until_filled(self, *, besides: str | None = None) -> None:
        """Until there is a run; `besides` names a firing whose runs do not count."""


class EndedRuns(Protocol):
    """Runs that have ended, as one `run_finished` trigger is told of them."""

    def arriving(self) -> AbstractContextManager[AsyncIterator[Run | None]]:
        """Each as it ends, from the beginning of the block on; None where some were lost."""

    async def all_ended_below(self) -> int:
        """A number: every run below it has ended."""

    async def without_event(self, since: datetime, floor: int) -> list[Run]:
        """Those from number `floor` on that ended since then, and have no event of this trigger."""

    async def outputs_of(self, run: Run) -> list[dict[str, Any]]:
        """Its outputs, as templates see them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What came of an event, as JSON, and the first file that it led to."""

    report: dict[str, Any]
    output: Path | None


class Outcomes(Protocol):
    """What comes of events that were accepted."""

    async def of(self, event: Event) -> Outcome:
        """Waits until its firing has ended."""

    def told(self, event: Event) -> AbstractContextManager[AsyncIterator[dict[str, Any]]]:
        """What happens to its firing and runs, as JSON, until it has ended: that comes last."""

    async def render(self, template: str, variables: dict[str, Any]) -> str:
        """Raises `Invalid`."""


class TriggerContext(Protocol):
    """What the hub offers to one trigger of one automation."""

    automation: str
    clock: Clock
    folders: Folders
    probe: Probe
    inputs: InputStore
    ledger: Ledger
    occurrences: Occurrences
    webhooks: "Webhooks"
    life: Life
    queue: Queue
    runs: EndedRuns
    outcomes: Outcomes

    async def accept(self, observation: Observation) -> Event:
        """Put it on disk with its ledger or occurrence rows; returns once committed.

        The same key again gives the event that is already there.
        """

    async def past_events(self, limit: int) -> list[Event]:
        """What this trigger observed last, latest first."""

    def check_space(self) -> None:
        """Raises `Unavailable` if there is too little room for more."""

    def report(self, state: str, reason: str, next_times: Sequence[datetime] = ()) -> None:
        """Show how the trigger is: `watching`, `unavailable` …, why, and when it will fire."""

    def sighted(self, sighting: Sighting) -> None:
        """Tell listeners about a new judgement of a file."""

    def missed(self, moments: Sequence[datetime]) -> None:
        """Tell listeners that these will not be made up for."""


class WebhookHandler(Protocol):
    """Takes one request: facts in, status and body out. Knows those that it took lately."""

    async def __call__(self, request: "WebhookRequest") -> "WebhookReply": ...

    async def requests(self, limit: int) -> list[dict[str, Any]]:
        """The latest, refused ones included, as JSON without secrets; latest first."""

    async def replay(self, event: str) -> Event:
        """The same request again, as a new event. Raises `NotFound`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WebhookRequest:
    """A request as the web server saw it. Header names are lower-case.

    A large body is not in `body`: its pieces are still to come in `rest`. `remote` is the caller's
    address, unless it `may_be_anybody`, since a proxy that nobody trusts stands before the hub.
    """

    method: str
    headers: dict[str, str]
    query: dict[str, str]
    body: bytes
    remote: str
    rest: AsyncIterator[bytes] | None = None
    may_be_anybody: bool = False

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "")

    @property
    def media_type(self) -> str:
        return self.content_type.partition(";")[0].strip().lower()

    async def pieces(self) -> AsyncIterator[bytes]:
        """The whole body; once only, if there is a rest."""
        if self.body:
            yield self.body
        if self.rest is not None:
            async for piece in self.rest:
                yield piece


@dataclass(frozen=True, kw_only=True, slots=True)
class WebhookReply:
    """What the web server answers: a JSON body, or instead a text, a file, or pieces to come."""

    status: int
    body: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    text: str | None = None
    file: Path | None = None
    stream: AsyncIterator[bytes] | None = None


class Webhooks(Protocol):
    """The addresses under which webhook triggers can be reached."""

    def register(self, webhook_id: str, handler: WebhookHandler) -> None:
        """Raises `Conflict` if another trigger has that id."""

    def unregister(self, webhook_id: str) -> None: ...


class Trigger(Protocol):
    """A kind of trigger: settings, and one method that watches until it is cancelled."""

    kind: ClassVar[str]

    async def watch(self, context: TriggerContext) -> None:
        """Watch until cancelled. A failure is shown and `watch` is called again after a pause."""

    def sample(self) -> dict[str, Any]:
        """Variables of a made-up event, against which templates are tried at load."""

    def explain(self, path: Path, folders: Folders) -> str | None:
        """Why this trigger would never look at `path`; None if it would, or watches no files."""
