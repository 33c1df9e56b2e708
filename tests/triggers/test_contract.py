"""What every kind of trigger promises, held against each of them."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import msgspec
import pytest
from msgspec import inspect

from hub.config.folders import Folders
from hub.testing.clock import ScriptedClock
from hub.testing.folder_context import MemoryTriggerContext
from hub.triggers.base import InputStore, Probe, TriggerContext
from hub.triggers.folder import FolderTrigger
from hub.triggers.schedule import ScheduleTrigger
from hub.triggers.webhook import WebhookTrigger

DOCS = Path(__file__).parents[2] / "docs" / "triggers"

AnyTrigger = FolderTrigger | ScheduleTrigger | WebhookTrigger

OF_EACH_KIND: dict[str, Callable[[Path], AnyTrigger]] = {
    "folder": lambda folder: FolderTrigger(path=str(folder)),
    "schedule": lambda _: ScheduleTrigger(every=timedelta(hours=1)),
    "webhook": lambda _: WebhookTrigger(webhook_id="0f" * 32),
}


@pytest.fixture(params=OF_EACH_KIND)
def trigger(request: pytest.FixtureRequest, tmp_path: Path) -> AnyTrigger:
    return OF_EACH_KIND[request.param](tmp_path)


@pytest.fixture
def context(tmp_path: Path) -> MemoryTriggerContext:
    """Surroundings in which nothing happens, so that no file is ever opened."""
    return MemoryTriggerContext(
        clock=ScriptedClock(),
        folders=Folders(config=tmp_path, data=tmp_path / "data", allowed=(tmp_path,)),
        probe=cast(Probe, None),
        inputs=cast(InputStore, None),
    )


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


def options(trigger: AnyTrigger) -> dict[str, inspect.Field]:
    """The declared options of its kind, by name."""
    declared = inspect.type_info(type(trigger))
    assert isinstance(declared, inspect.StructType)
    return {field.encode_name: field for field in declared.fields}


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
    for name, field in options(trigger).items():
        assert isinstance(field.type, inspect.Metadata), name
        assert (field.type.extra_json_schema or {}).get("description"), name


def test_has_the_options_of_every_trigger(trigger: AnyTrigger) -> None:
    assert {"id", "alias", "enabled", "variables"} <= set(options(trigger))


def test_every_option_and_variable_is_documented(trigger: AnyTrigger) -> None:
    page = (DOCS / f"{trigger.kind}.md").read_text()
    missing = [name for name in options(trigger) if f"`{name}`" not in page]
    missing += [name for name in trigger.sample() if f"`trigger.{name}" not in page]
    assert missing == []
