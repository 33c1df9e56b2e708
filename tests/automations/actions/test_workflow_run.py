"""Sweeps, attempts and stalls of `workflow.run`, in a whole hub with a fake worker."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from hub.app import Hub
from hub.notices import NodeStarted, RunFinished, RunStarted, Subscription
from hub.records.firing import Firing, FiringState, Step
from hub.records.run import Run, RunState
from hub.testing.clock import ScriptedClock
from tests.automations.recorded import recorded, until_ended
from tests.automations.started import Start, ended, post


def running(data: str, rest: str = "") -> str:
    return f"  actions:\n    - {{action: workflow.run, data: {{workflow: card, {data}}}{rest}}}\n"


async def outcome(start: Start, automation: str, **body: Any) -> tuple[Firing, Step, list[Run]]:
    """How a firing of one step ends, with the step and all the runs, first to last."""
    async with start(automation) as hub:
        await ended(hub, 1, body)
        return await seen(hub)


async def seen(hub: Hub) -> tuple[Firing, Step, list[Run]]:
    firing, steps = await recorded(hub)
    runs = await hub.books.runs.of_firing(firing.id)
    return firing, steps["actions/0"], sorted(runs, key=lambda run: run.number)


async def until(subscription: Subscription, kind: type) -> None:
    async for notice in subscription:
        if isinstance(notice, kind):
            return


async def test_a_sweep_runs_every_combination(start: Start) -> None:
    matrix = 'matrix: {color: "{{ trigger.json.colours }}", fake: ["", "x"]}'
    firing, step, runs = await outcome(start, running(matrix), colours=[1, 2])
    assert firing.state is FiringState.SUCCEEDED
    wanted = [{"color": c, "fake": f} for c in (1, 2) for f in ("", "x")]
    assert [run.parameters for run in runs] == wanted
    assert [run["parameters"] for run in step.result["runs"]] == wanted
    assert [output["parameters"] for output in step.result["outputs"]] == wanted
    assert len({output["path"] for output in step.result["outputs"]}) == 4


async def test_parameters_of_a_sweep_see_its_combination(start: Start) -> None:
    data = 'parameters: {fake: "c{{ matrix.color }}"}, matrix: {color: [7]}'
    _, _, (run,) = await outcome(start, running(data))
    assert run.parameters == {"color": 7, "fake": "c7"}


async def test_null_from_outside_leaves_a_parameter_as_the_workflow_has_it(start: Start) -> None:
    data = "parameters: {color: 3, fake: '{{ trigger.json.fake }}'}"
    _, _, (run,) = await outcome(start, running(data), fake=None)
    assert run.parameters == {"color": 3, "fake": ""}


@pytest.mark.parametrize(
    ("matrix", "told"),
    [
        ('{color: "{{ range(1001) | list }}"}', "has 1001 combinations; at most 1000"),
        ('{color: "{{ trigger.json.n }}"}', "at least one value for 'color', not '5'"),
        ('{color: "{{ trigger.json.none }}"}', "at least one value for 'color', not '[]'"),
    ],
)
async def test_a_sweep_that_makes_no_sense_fails_before_any_run(
    start: Start, matrix: str, told: str
) -> None:
    firing, _, runs = await outcome(start, running(f"matrix: {matrix}"), n=5, none=[])
    assert (firing.state, runs) == (FiringState.FAILED, [])
    assert told in str(firing.reason)


async def test_a_sweep_is_seen_to_its_end_before_it_fails(start: Start) -> None:
    firing, _, runs = await outcome(start, running('matrix: {fake: [fail, ""]}'))
    assert [run.state for run in runs] == [RunState.FAILED, RunState.SUCCEEDED]
    assert f"Run {runs[0].number} of 'card' failed: It was asked to fail." in str(firing.reason)


async def test_what_a_sweep_made_is_there_although_some_of_it_failed(start: Start) -> None:
    rest = ", continue_on_error: true, response_variable: r"
    automation = running('matrix: {fake: ["", fail, "x", fail]}', rest)
    automation += '    - variables: {outputs: "{{ r.outputs }}", runs: "{{ r.runs }}"}\n'
    async with start(automation) as hub:
        await ended(hub, 1, {})
        _, steps = await recorded(hub)
    seen = steps["actions/1"].result
    assert [output["parameters"]["fake"] for output in seen["outputs"]] == ["", "x"]
    assert ["error" in run for run in seen["runs"]] == [False, True, False, True]
    why = f"Run {seen['runs'][1]['number']} of 'card' failed: It was asked to fail."
    assert seen["runs"][1]["error"] == why
    assert steps["actions/0"].error == f"2 of 4 runs did not succeed. {why}"


async def test_nothing_among_the_values_of_a_sweep_is_the_workflows_own(start: Start) -> None:
    firing, step, _ = await outcome(start, running('matrix: {"1.width": [null, 9]}'))
    assert firing.state is FiringState.SUCCEEDED
    assert [run["parameters"] for run in step.result["runs"]] == [{"1.width": None}, {"1.width": 9}]


async def test_without_waiting_the_next_step_comes_at_once(start: Start) -> None:
    automation = running("wait: false, parameters: {fake: hang}", ", response_variable: r")
    automation += '    - variables: {number: "{{ r.run.number }}"}\n'
    firing, step, (run,) = await outcome(start, automation)
    assert firing.state is FiringState.SUCCEEDED
    assert step.result["run"]["id"] == run.id
    assert not run.state.ended


async def test_priority_is_the_steps_own(start: Start) -> None:
    _, _, (run,) = await outcome(start, "  priority: 1\n" + running("priority: 5"))
    assert run.priority == 5


async def test_each_attempt_changes_what_the_ladder_says(start: Start) -> None:
    retry = (
        ", retry: {attempts: 3, backoff: 0, change: {fake: [oom, ''], "
        "color: '{{ parameters.color + attempt }}'}}"
    )
    automation = running("parameters: {color: 1, fake: oom}", retry)
    firing, step, runs = await outcome(start, automation)
    assert firing.state is FiringState.SUCCEEDED
    given = [(run.parameters["fake"], run.parameters["color"]) for run in runs]
    assert given == [("oom", 1), ("oom", 3), ("", 6)]
    assert step.result["run"]["attempts"] == 3
    assert [output["run"] for output in step.result["outputs"]] == [runs[2].id]


async def test_the_automations_retry_holds_for_its_steps(start: Start) -> None:
    automation = "  retry: {attempts: 2, backoff: 0}\n" + running("parameters: {fake: oom}")
    firing, _, runs = await outcome(start, automation)
    assert [run.state for run in runs] == [RunState.FAILED] * 2
    assert "failed after 2 attempts: It was asked to fail." in str(firing.reason)


@pytest.mark.parametrize(
    ("fake", "on"), [("fail", "out_of_memory"), ("die", "[worker_died, node_failed]")]
)
async def test_other_failures_and_two_deaths_are_final(start: Start, fake: str, on: str) -> None:
    retry = f", retry: {{attempts: 5, backoff: 0, on: {on}}}"
    firing, _, runs = await outcome(start, running(f"parameters: {{fake: {fake}}}", retry))
    assert (firing.state, len(runs)) == (FiringState.FAILED, 1)


async def test_a_restart_goes_on_with_the_same_attempt(start: Start) -> None:
    automation = running(
        "parameters: {fake: oom}", ", retry: {attempts: 2, backoff: 1h, change: {fake: ''}}"
    )
    async with start(automation, clock=ScriptedClock()) as hub:
        with hub.notices.subscribe() as subscription:
            await post(hub)
            await until(subscription, RunFinished)
    clock = ScriptedClock(ScriptedClock().now() + timedelta(hours=2))  # the pause went on meanwhile
    async with start(automation, clock=clock) as hub:
        assert await ended(hub, 1) == [FiringState.SUCCEEDED]
        _, step, runs = await seen(hub)
    assert [run.state for run in runs] == [RunState.FAILED, RunState.SUCCEEDED]
    assert step.result["run"]["attempts"] == 2


async def test_a_run_that_stands_still_is_ended_and_tried_again(start: Start) -> None:
    retry = ", retry: {attempts: 2, backoff: 0, change: {fake: ''}}"
    clock = ScriptedClock()
    async with start(
        running("timeout: 5 min, parameters: {fake: hang}", retry), clock=clock
    ) as hub:
        with hub.notices.subscribe() as subscription:
            await post(hub)
            await until(subscription, RunStarted)
            await clock.advance(299)
            (run,) = await hub.runs.page(
                state=RunState.RUNNING, workflow=None, before=None, limit=9
            )
            await clock.advance(2)
            await until(subscription, NodeStarted)  # only the second attempt comes to that
            await until_ended(subscription)
        firing, _, runs = await seen(hub)
    assert firing.state is FiringState.SUCCEEDED
    assert [run.state for run in runs] == [RunState.CANCELLED, RunState.SUCCEEDED]
    assert runs[0].id == run.id  # at 299 s it was still there


async def test_a_stall_is_told_as_such(start: Start) -> None:
    clock = ScriptedClock()
    async with start(running("timeout: 5 min, parameters: {fake: hang}"), clock=clock) as hub:
        with hub.notices.subscribe() as subscription:
            await post(hub)
            await until(subscription, RunStarted)
            await clock.advance(301)
            assert await until_ended(subscription) is FiringState.FAILED
        firing, *_ = await seen(hub)
    assert "failed: It made no progress for 0:05:00, the step's `timeout`." in str(firing.reason)


@pytest.mark.parametrize(
    ("action", "told"),
    [
        ("data: {workflow: card, matrix: {colour: [1]}}", "has no parameter 'colour'"),
        ("data: {workflow: card}, retry: {change: {colour: 1}}", "has no parameter 'colour'"),
        ("data: {workflow: card}, retry: {on: memory}", "out_of_memory"),
        ("data: {workflow: card, timeout: 1s, wait: false}", "`timeout` needs `wait: true`"),
        ("data: {workflow: card}, retry: {remember: 7 days}", "`remember` needs `change`"),
        (
            "data: {workflow: card}, retry: {remember: 7 days, change: {color: 1}, on: timed_out}",
            "`remember` needs `out_of_memory` among `on`",
        ),
    ],
)
async def test_mistakes_are_told_at_load(
    start: Start, tmp_path: Path, action: str, told: str
) -> None:
    automation = f"  actions:\n    - {{action: workflow.run, {action}}}\n"
    async with start(automation, is_sound=False) as hub:
        (status,) = hub.supervisor.statuses()
    assert told in status.reason
