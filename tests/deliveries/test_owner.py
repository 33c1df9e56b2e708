"""The owner is told what went wrong: by Apprise, which posts to this machine."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hub.app import Hub
from hub.config.problems import ConfigurationInvalid
from hub.deliveries.notifier import Notifier
from hub.deliveries.owner import GATHERING, LONGEST, PAUSE, Owner
from hub.notices import AutomationSwitched, FileSighted, MomentsMissed, Notice, Notices
from hub.probe.pool import ProbePool
from hub.storage.database import Database
from hub.storage.firings import Firings
from hub.testing.clock import ScriptedClock
from tests.deliveries.receiver import Receiver, receiving

BROKEN = FileSighted(
    automation="photos", path="/in/a.jpg", state="quarantined", reason="JPEG ends early."
)


class Phone:
    """An owner's phone: what happens is published, time passes, and messages arrive."""

    def __init__(self, notices: Notices, clock: ScriptedClock, receiver: Receiver) -> None:
        self.notices = notices
        self.clock = clock
        self.receiver = receiver

    async def messages(self, *happened: Notice, after: float) -> list[tuple[str, str]]:
        """All that have come once all is heard, so much time has passed, and all is sent."""
        for notice in happened:
            self.notices.publish(notice)
        await until(lambda: self.clock.sleepers == 1)
        await self.clock.advance(after)
        await until(lambda: self.clock.sleepers == 1)
        sent = [json.loads(body) for _, body in self.receiver.received]
        return [(each["title"], each["message"]) for each in sent]


async def until(holds: Callable[[], bool]) -> None:
    while not holds():  # noqa: ASYNC110 - clocks have no event
        await asyncio.sleep(0)


def address(receiver: Receiver) -> str:
    return receiver.url.replace("http://", "json://")


@asynccontextmanager
async def owners_phone(folder: Path, *answers: int) -> AsyncIterator[Phone]:
    clock, notices = ScriptedClock(), Notices()
    async with (
        receiving(*answers) as receiver,
        Database(folder / "hub.sqlite") as database,
        ProbePool() as probe,
    ):
        owner = Owner(
            ["phone"],
            notifier=Notifier({"phone": [address(receiver)]}, probe),
            firings=Firings(database),
            notices=notices,
            clock=clock,
        )
        task = asyncio.create_task(owner.serve())
        await asyncio.sleep(0)  # it listens
        yield Phone(notices, clock, receiver)
        task.cancel()
        await asyncio.wait([task])


async def test_what_goes_wrong_within_seconds_is_one_message(tmp_path: Path) -> None:
    off = AutomationSwitched(automation="cards", on=False, reason="It failed.", by_hub=True)
    by_hand = AutomationSwitched(automation="cards", on=False, reason="I did.", by_hub=False)
    latest = datetime(2026, 1, 15, 3, 0, tzinfo=UTC)
    missed = MomentsMissed(automation="nightly", count=3, latest=latest)
    async with owners_phone(tmp_path) as phone:
        (message,) = await phone.messages(BROKEN, off, by_hand, missed, after=GATHERING)
    title, text = message
    assert title == "Hub: 3 things went wrong"
    late = "missed and not made up for, the last"
    assert text.splitlines() == [
        "photos: /in/a.jpg is in quarantine. JPEG ends early. (see `hub why /in/a.jpg`)",
        "cards: It failed. (see `hub why cards`)",
        f"nightly: 3 moments were {late} at 2026-01-15 03:00 UTC. (see `hub why nightly`)",
    ]


async def test_of_a_thousand_failures_a_message_tells_the_latest_and_counts(tmp_path: Path) -> None:
    async with owners_phone(tmp_path) as phone:
        await phone.messages(BROKEN, after=GATHERING)
        assert len(await phone.messages(*[BROKEN] * 1000, after=PAUSE - 1)) == 1
        _, (title, message) = await phone.messages(after=1 + GATHERING)
    assert title == "Hub: 1000 things went wrong"
    assert message.startswith(f"The latest {LONGEST} of 1000:\n")
    assert message.count("JPEG ends early") == LONGEST


async def test_what_could_not_be_sent_is_part_of_the_next_message(tmp_path: Path) -> None:
    async with owners_phone(tmp_path, 500) as phone:
        await phone.messages(BROKEN, after=GATHERING)
        await phone.messages(BROKEN, after=PAUSE)
        *_, (title, _) = await phone.messages(after=GATHERING)
    assert title == "Hub: 2 things went wrong"


async def test_a_failed_firing_is_told_with_its_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.deliveries.owner.GATHERING", 0.001)
    fails = "[{stop: There was no flour., error: true}]"
    (tmp_path / "automations.yaml").write_text(
        f"- {{id: cards, triggers: [{{trigger: startup}}], actions: {fails}}}\n"
    )
    async with receiving() as receiver:
        settings = f"notify: {{phone: '{address(receiver)}', on_failure: phone}}\n"
        (tmp_path / "hub.yaml").write_text(settings)
        async with Hub(tmp_path, port=0, worker_module="hub.testing.worker") as hub:
            await receiver.arrived.wait()
            (firing,) = await hub.books.firings.page()
    sent = json.loads(receiver.received[0][1])
    assert sent["title"] == "Hub: Something went wrong"
    see = f"(see `hub automations trace {firing.id}`)"
    assert sent["message"] == f"cards: There was no flour. {see}"
    assert sent["type"] == "failure"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("fone", "has no 'fone' for `on_failure`; did you mean 'phone'?"),
        (
            "json://here",
            "has no 'json://here' for `on_failure`: give it an address under that name",
        ),
    ],
)
async def test_an_owner_whom_nobody_knows_is_refused(
    tmp_path: Path, name: str, sentence: str
) -> None:
    (tmp_path / "hub.yaml").write_text(f"notify: {{phone: 'json://x', on_failure: '{name}'}}\n")
    with pytest.raises(ConfigurationInvalid) as refused:
        async with Hub(tmp_path, port=0):
            pass
    assert sentence in str(refused.value)
