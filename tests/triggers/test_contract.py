"""What every kind of trigger promises, held against each of them."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, cast, get_args

import msgspec
import pytest
from msgspec import inspect

from hub.automations.trigger import AnyTrigger
from hub.config.folders import Allowed, Folders
from hub.testing.clock import ScriptedClock
from hub.testing.folder_context import MemoryTriggerContext
from hub.triggers.base import InputStore, Probe, TriggerContext
from hub.triggers.folder import FolderTrigger
from hub.triggers.folder_settings import BatchSettings
from hub.triggers.manual import ManualTrigger
from hub.triggers.manual_form import FormField
from hub.triggers.queue_idle import QueueIdleTrigger
from hub.triggers.run_finished import RunFinishedTrigger
from hub.triggers.schedule import ScheduleTrigger
from hub.triggers.shutdown import ShutdownTrigger
from hub.triggers.startup import StartupTrigger
from hub.triggers.sun import SunTrigger
from hub.triggers.time import TimeTrigger
from hub.triggers.time_pattern import TimePatternTrigger
from hub.triggers.webhook import WebhookTrigger
from hub.triggers.webhook_auth import BasicAuth, BearerAuth, HmacAuth
from hub.triggers.webhook_settings import ResponseSettings

DOCS = Path(__file__).parents[2] / "docs" / "triggers"


OF_EACH_KIND: dict[str, Callable[[Path], AnyTrigger]] = {
    "manual": lambda _: ManualTrigger(),
    "queue_idle": lambda _: QueueIdleTrigger(),
    "run_finished": lambda _: RunFinishedTrigger(),
    "shutdown": lambda _: ShutdownTrigger(),
    "startup": lambda _: StartupTrigger(),
    "folder": lambda folder: FolderTrigger(path=str(folder)),
    "schedule": lambda _: ScheduleTrigger(every=timedelta(hours=1)),
    "sun": lambda _: SunTrigger(event="sunset", latitude=52.5, longitude=13.4),
    "time": lambda _: TimeTrigger(at=["07:30"]),
    "time_pattern": lambda _: TimePatternTrigger(minutes="/5"),
    "webhook": lambda _: WebhookTrigger(webhook_id="0f" * 32),
}


def test_every_kind_is_held_to_it() -> None:
    assert set(OF_EACH_KIND) == {kind.kind for kind in get_args(AnyTrigger)}


@pytest.fixture(params=OF_EACH_KIND)
def trigger(request: pytest.FixtureRequest, tmp_path: Path) -> AnyTrigger:
    return OF_EACH_KIND[request.param](tmp_path)


@pytest.fixture
def context(tmp_path: Path) -> MemoryTriggerContext:
    """Surroundings in which nothing happens, so that no file is ever opened."""
    context = MemoryTriggerContext(
        clock=ScriptedClock(),
        folders=Folders(config=tmp_path, data=tmp_path / "data", allowed=Allowed((tmp_path,))),
        probe=cast(Probe, None),
        inputs=cast(InputStore, None),
    )
    context.life.is_starting = False
    return context


@asynccontextmanager
async def watching(
    trigger: AnyTrigger, context: MemoryTriggerContext
) -> AsyncIterator[asyncio.Task[None]]:
    """The trigger at work inside the block; cancelled at its end."""
    task = asyncio.create_task(trigger.watch(cast(TriggerContext, context)))
    await context.until(lambda: task.done() or ("watching" in dict(context.reports)))
    yield task
    task.cancel()
    await asyncio.wait([task])


def options(kind: type) -> dict[str, inspect.Field]:
    """The declared options of a kind, or of a part of its settings, by name."""
    declared = inspect.type_info(kind)
    assert isinstance(declared, inspect.StructType)
    return {field.encode_name: field for field in declared.fields}


def names_in_first_column(table: str) -> list[str]:
    """The names in backticks that the rows of a Markdown table begin with."""
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    return [name for row in rows for name in re.findall("`([^`]+)`", row)]


async def test_watches_until_it_is_cancelled_and_leaves_nothing_running(
    trigger: AnyTrigger, context: MemoryTriggerContext
) -> None:
    before = asyncio.all_tasks()
    async with watching(trigger, context) as task:
        assert not task.done()
    assert task.cancelled()
    assert asyncio.all_tasks() == before


async def test_can_watch_again_after_it_was_cancelled(
    trigger: AnyTrigger, context: MemoryTriggerContext
) -> None:
    async with watching(trigger, context):
        pass
    context.reports.clear()
    async with watching(trigger, context) as task:
        assert not task.done()


async def test_observes_nothing_where_nothing_happens(
    trigger: AnyTrigger, context: MemoryTriggerContext
) -> None:
    async with watching(trigger, context):
        assert context.events == {}


def test_its_sample_is_an_event_in_json(trigger: AnyTrigger) -> None:
    sample = trigger.sample()
    assert sample
    assert json.loads(json.dumps(sample)) == sample


def test_is_written_with_its_kind(trigger: AnyTrigger) -> None:
    written: dict[str, Any] = msgspec.to_builtins(trigger)
    assert written["trigger"] == trigger.kind
    assert msgspec.convert(written, type(trigger)) == trigger


def test_refuses_options_it_does_not_have(trigger: AnyTrigger) -> None:
    written = {**msgspec.to_builtins(trigger), "no_such_option": 1}
    with pytest.raises(msgspec.ValidationError, match="no_such_option"):
        msgspec.convert(written, type(trigger))


def test_every_option_has_a_description(trigger: AnyTrigger) -> None:
    for name, field in options(type(trigger)).items():
        assert isinstance(field.type, inspect.Metadata), name
        assert (field.type.extra_json_schema or {}).get("description"), name


def test_has_the_options_of_every_trigger(trigger: AnyTrigger) -> None:
    assert {"id", "alias", "enabled", "variables"} <= set(options(type(trigger)))


def test_every_option_and_variable_is_documented(trigger: AnyTrigger) -> None:
    page = (DOCS / f"{trigger.kind}.md").read_text()
    missing = [name for name in options(type(trigger)) if f"`{name}`" not in page]
    missing += [name for name in trigger.sample() if f"`trigger.{name}" not in page]
    assert missing == []


PARTS: list[tuple[str, type]] = [
    ("folder", BatchSettings),
    ("manual", FormField),
    ("webhook", BasicAuth),
    ("webhook", BearerAuth),
    ("webhook", HmacAuth),
    ("webhook", ResponseSettings),
]


def test_no_option_or_variable_is_documented_that_there_is_not(trigger: AnyTrigger) -> None:
    page = (DOCS / f"{trigger.kind}.md").read_text()
    known = set(options(type(trigger)))
    for kind, part in PARTS:
        known |= set(options(part)) if kind == trigger.kind else set()
    _, _, tables = page.partition("## Options")
    tables, _, variables = tables.partition("## Variables")
    rows = re.findall(r"^\| ?option.*?\n\n", f"{tables}\n\n", re.DOTALL | re.MULTILINE)
    written = [name for row in rows for name in names_in_first_column(row)]
    assert written
    assert [name for name in written if name not in known] == []
    seen = set(trigger.sample())
    asked = set(re.findall(r"`trigger\.(\w+)", variables)) - {*seen, "files", "group"}
    assert asked == set()


@pytest.mark.parametrize(("kind", "part"), PARTS)
def test_what_belongs_to_an_option_is_documented(kind: str, part: type) -> None:
    page = (DOCS / f"{kind}.md").read_text()
    assert [name for name in options(part) if f"`{name}`" not in page] == []
