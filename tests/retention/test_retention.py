"""What is beyond the limits goes, and nothing that anything still needs."""

import asyncio
import dataclasses
import sqlite3
from contextlib import closing
from datetime import timedelta

from msgspec.structs import asdict

from hub.config.retention_settings import FileLimits, Limits, OwnRetention, RetentionSettings
from hub.notices import HistoryPruned
from hub.records.output import OutputFolder
from hub.records.pruning import Pruned
from hub.storage.history import OUTPUTS
from tests.retention.past import DAY, NOW, Past

HISTORY = ("firings", "firing_steps", "events", "runs", "run_nodes", "run_progress", "graphs")


async def test_old_firings_and_runs_go_with_all_that_belongs_to_them(past: Past) -> None:
    old = await past.firing(100)
    await past.run(100, firing=old)
    await past.firing(10)
    await past.run(10, image="another graph")
    pruned = await past.retention.prune()
    assert pruned == Pruned(firings=1, runs=1, progress=1)
    assert await past.counts(*HISTORY) == [1, 1, 1, 1, 1, 1, 1]


async def test_a_graph_stays_for_a_run_that_shares_it(past: Past) -> None:
    await past.run(100)
    kept = await past.run(1)
    await past.retention.prune()
    assert (await past.books.runs.get(kept.id)).graph == kept.graph


async def test_outputs_stay_for_ever_unless_asked_and_their_runs_with_them(past: Past) -> None:
    firing = await past.firing(1000)
    run = await past.run(1000, firing=firing)
    await past.output(run, "picture.png")
    assert await past.retention.prune() == Pruned(progress=1)
    assert past.files() == ["picture.png"]
    assert (await past.books.firings.get(firing)).id == firing


async def test_outputs_go_by_age_and_what_they_kept_goes_too(past: Past) -> None:
    firing = await past.firing(100)
    await past.output(await past.run(100, firing=firing), "old.png")
    await past.output(await past.run(99), "new.png")
    past.settings = RetentionSettings(outputs=FileLimits(age=99.5 * DAY))
    assert await past.retention.prune() == Pruned(
        outputs=1, runs=1, firings=1, progress=2, bytes=10
    )
    assert past.files() == ["new.png"]
    assert await past.counts("outputs", "removals") == [1, 0]


async def test_only_the_latest_outputs_stay_by_count_and_by_bytes(past: Past) -> None:
    for days in (5, 4, 3, 2, 1):
        await past.output(await past.run(days), f"{days}.png")
    past.settings = RetentionSettings(outputs=FileLimits(count=4))
    await past.retention.prune()
    assert past.files() == ["1.png", "2.png", "3.png", "4.png"]
    past.settings = RetentionSettings(outputs=FileLimits(bytes=25))
    await past.retention.prune()
    assert past.files() == ["1.png", "2.png"]


async def test_what_runs_or_waits_is_never_touched(past: Past) -> None:
    firing = await past.firing(1000, ended=False)
    await past.output(await past.run(1000, firing=firing), "in hand.png")
    await past.run(1000, ended=False)
    before = await past.counts(*HISTORY, "outputs")
    nothing = Limits(count=0)
    past.settings = RetentionSettings(
        firings=nothing, runs=nothing, outputs=FileLimits(count=0), progress=Limits()
    )
    assert await past.retention.prune() == Pruned()
    assert await past.counts(*HISTORY, "outputs") == before


async def test_an_output_that_a_step_found_stays_until_the_firing_is_over(past: Past) -> None:
    output = await past.output(await past.run(1000), "found.png")
    await past.firing(0, ended=False, result={"outputs": [{"path": str(output.path)}]})
    past.settings = RetentionSettings(outputs=FileLimits(age=DAY))
    await past.retention.prune()
    assert past.files() == ["found.png"]


async def test_an_output_is_as_young_as_the_last_run_that_shares_it(past: Past) -> None:
    first = await past.output(await past.run(100), "shared.png")
    young = await past.run(1)
    again = asdict(first) | {"created_at": young.created_at, "shared_from": first.id}
    for name in ("id", "run"):
        del again[name]
    await past.output(young, "shared.png", **again)
    past.settings = RetentionSettings(outputs=FileLimits(age=10 * DAY))
    await past.retention.prune()
    assert past.files() == ["shared.png"]
    past.settings = RetentionSettings(outputs=FileLimits(count=0))
    await past.retention.prune()
    assert past.files() == []
    assert await past.counts("outputs") == [0]


async def test_a_file_that_somebody_changed_since_is_left_alone(past: Past) -> None:
    output = await past.output(await past.run(100), "painted.png")
    output.path.write_bytes(b"over......")
    past.settings = RetentionSettings(outputs=FileLimits(count=0))
    await past.retention.prune()
    assert past.files() == ["painted.png"]


async def test_previews_go_by_themselves(past: Past) -> None:
    await past.output(await past.run(2), "preview.png", folder=OutputFolder.TEMP)
    await past.output(await past.run(2), "picture.png")
    assert (await past.retention.prune()).outputs == 1
    assert past.files() == ["picture.png"]


async def test_what_was_posted_goes_with_the_firings_and_files_that_wait_stay(past: Past) -> None:
    picture = await past.output(await past.run(200), "picture.png")
    await past.delivery(100)
    await past.delivery(80)
    waiting = await past.delivery(200, ended=False, attached=picture)
    past.settings = RetentionSettings(outputs=FileLimits(count=0))
    await past.retention.prune()
    assert await past.count("deliveries") == 2
    assert past.files() == ["picture.png"]
    await past.books.deliveries.put(dataclasses.replace(waiting, ended_at=NOW))
    await past.retention.prune()
    assert past.files() == []


async def test_old_events_that_wait_for_an_automation_that_is_gone_go_too(past: Past) -> None:
    old = [await past.event(100, automation=name) for name in ("renamed", "photos")]
    young = await past.event(80, automation="renamed")
    past.written = None  # nobody knows which there are
    await past.retention.prune()
    assert await past.books.events.without_firing() == [*old, young]
    past.written = {"photos"}
    await past.retention.prune()
    assert await past.books.events.without_firing() == [old[1], young]


async def test_an_automation_has_limits_of_its_own(past: Past) -> None:
    for automation in ("hourly", "photos"):
        for days in (3, 2, 1):
            firing = await past.firing(days, automation=automation)
            await past.run(days, firing=firing, automation=automation)
    past.settings = RetentionSettings(firings=Limits(count=2), runs=Limits(age=365 * DAY))
    past.own = {
        "hourly": OwnRetention(firings=Limits(count=1), runs=Limits(count=1)),
        "photos": OwnRetention(runs=Limits(count=0)),
    }
    await past.retention.prune()
    assert len(await past.books.firings.page(automation="hourly")) == 1
    assert len(await past.books.firings.page(automation="photos")) == 2
    assert await past.count("runs") == 1


async def test_counting_removes_nothing(past: Past) -> None:
    await past.output(await past.run(100), "old.png")
    await past.firing(100)
    past.settings = RetentionSettings(outputs=FileLimits(age=DAY))
    assert await past.retention.prune(dry_run=True) == Pruned(
        outputs=1, firings=1, progress=1, bytes=10
    )
    assert past.files() == ["old.png"]
    assert await past.counts("firings", "outputs", "run_progress") == [1, 1, 1]


async def test_an_input_stays_as_long_as_anything_names_it(past: Past) -> None:
    used, unused, fresh = past.input("a", 100), past.input("b", 8), past.input("c", 6)
    await past.run(100, image=used)
    past.settings = RetentionSettings(runs=Limits())
    assert (await past.retention.prune()).inputs == 1
    store = past.books.inputs
    assert [store.path_of(name).exists() for name in (used, unused, fresh)] == [True, False, True]


async def test_inputs_of_runs_that_are_over_go_if_asked(past: Past) -> None:
    waiting, over, latest = past.input("a", 100), past.input("b", 99), past.input("c", 1)
    await past.run(100, image=waiting, ended=False)
    await past.run(99, image=over)
    past.settings = RetentionSettings(runs=Limits(), inputs=FileLimits(count=1))
    assert (await past.retention.prune()).inputs == 1
    store = past.books.inputs
    there = [store.path_of(name).exists() for name in (waiting, over, latest)]
    assert there == [True, False, True]


async def test_an_input_that_comes_again_counts_as_new(past: Past) -> None:
    name = past.input("a", 100)
    assert await past.books.inputs.touch(name)
    assert (await past.retention.prune()).inputs == 0


async def test_a_note_that_a_crash_left_is_carried_out(past: Past) -> None:
    run = await past.run(100)
    await past.output(run, "old.png")
    past.settings = RetentionSettings(outputs=FileLimits(count=0))
    await past.books.pruning.remove(OUTPUTS, [1], 1)
    assert past.files() == ["old.png"]
    assert await past.counts("outputs", "removals") == [0, 1]
    await past.retention.prune()
    assert past.files() == []


async def test_it_looks_soon_after_the_start_and_every_so_often(past: Past) -> None:
    past.settings = RetentionSettings(every=timedelta(hours=2))
    task = asyncio.create_task(past.retention.serve())
    with past.notices.subscribe() as subscription:
        looks = aiter(subscription)
        await past.run(89.995)
        while not past.clock.sleepers:  # noqa: ASYNC110 - clocks have no event
            await asyncio.sleep(0)
        await past.clock.advance(600)
        assert await anext(looks) == HistoryPruned(pruned=Pruned(runs=1, progress=1))
        assert past.clock.now() - NOW == timedelta(minutes=10)
        await past.run(90)
        while not past.clock.sleepers:  # noqa: ASYNC110 - clocks have no event
            await asyncio.sleep(0)
        await past.clock.advance(7200)
        assert await anext(looks) == HistoryPruned(pruned=Pruned(runs=1, progress=1))
    task.cancel()


async def test_the_database_file_gets_smaller_when_much_goes(past: Past) -> None:
    for number in range(60):
        await past.run(100, image="x" * 400_000 + str(number))
    database = past.folders.database
    await past.retention.prune()
    assert await past.count("graphs") == 0
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert database.stat().st_size < 20_000_000
