"""Scripts of actions in a whole hub, started by webhooks, with a fake worker."""

import asyncio
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection
from structlog.testing import capture_logs

from hub.app import Hub
from hub.automations.planned_steps import planned_steps
from hub.notices import FiringChanged
from hub.records.firing import Firing, FiringState, Step, StepState
from hub.testing.clock import ScriptedClock
from tests.automations.recorded import recorded, until_ended, until_step
from tests.automations.started import Start, ended, first, post

RUN = "{action: workflow.run, data: {workflow: card}}"
BROKEN = '{action: workflow.run, data: {workflow: card, parameters: {color: "{{ 1 / 0 }}"}}}'


async def outcome(start: Start, actions: str, **body: object) -> tuple[Firing, dict[str, Step]]:
    """How one firing with these actions ends, and its steps by key."""
    async with start(f"  actions:\n{actions}") as hub:
        await ended(hub, 1, body)
        return await recorded(hub)


def results(steps: dict[str, Step]) -> dict[str, Any]:
    return {key: step.result for key, step in steps.items()}


async def test_the_first_option_that_holds_is_taken(start: Start) -> None:
    actions = """
    - choose:
        - conditions: "{{ trigger.json.n > 10 }}"
          sequence: {variables: {size: large}}
        - conditions: "{{ trigger.json.n > 5 }}"
          sequence: [{variables: {size: middle}}]
      default: {variables: {size: small}}
"""
    firing, steps = await outcome(start, actions, n=7)
    assert firing.state is FiringState.SUCCEEDED
    assert results(steps) == {"actions/0": 1, "actions/0/1/0": {"size": "middle"}}
    planned = [step.key for step in planned_steps(firing.definition["actions"])]
    assert planned == [
        *("actions/0", "actions/0/0/0", "actions/0/1/0"),
        "actions/0/default/0",
    ]


@pytest.mark.parametrize(("number", "way"), [(7, "then"), (3, "else")])
async def test_one_of_two_sequences_is_carried_out(start: Start, number: int, way: str) -> None:
    actions = """
    - if: "{{ trigger.json.n > 5 }}"
      then: {variables: {size: large}}
      else: {variables: {size: small}}
"""
    _, steps = await outcome(start, actions, n=number)
    assert f"actions/0/{way}/0" in steps
    assert len(steps) == 2


async def test_a_list_is_gone_through(start: Start) -> None:
    actions = """
    - variables: {seen: []}
    - repeat:
        for_each: "{{ trigger.json.names }}"
        sequence: {variables: {seen: "{{ seen + [repeat.item ~ repeat.index] }}"}}
    - variables: {after: "{{ seen }}"}
"""
    _, steps = await outcome(start, actions, names=["a", "b"])
    assert steps["actions/2"].result == {"after": ["a1", "b2"]}


async def test_turns_are_counted_and_know_the_last(start: Start) -> None:
    actions = """
    - repeat:
        count: "{{ trigger.json.n }}"
        sequence: {variables: {is_last: "{{ repeat.last }}"}}
"""
    _, steps = await outcome(start, actions, n=2)
    assert steps["actions/0/1/0"].result == {"is_last": False}
    assert steps["actions/0/2/0"].result == {"is_last": True}


@pytest.mark.parametrize(
    ("loop", "turns"),
    [
        ('while: "{{ n < 3 }}"', 3),
        ('while: "{{ n > 3 }}"', 0),
        ('until: "{{ n >= 3 }}"', 3),
        ('until: "{{ true }}"', 1),
    ],
)
async def test_a_loop_goes_on_as_its_condition_says(start: Start, loop: str, turns: int) -> None:
    actions = f"""
    - variables: {{n: 0}}
    - repeat:
        {loop}
        sequence: {{variables: {{n: "{{{{ n + 1 }}}}"}}}}
    - variables: {{total: "{{{{ n }}}}"}}
"""
    _, steps = await outcome(start, actions)
    assert steps["actions/2"].result == {"total": turns}


async def test_a_block_changes_variables_around_it_and_its_own_end_with_it(start: Start) -> None:
    actions = """
    - variables: {outer: 1}
    - sequence:
        - variables: {outer: 2, inner: 3}
    - variables: {seen: "{{ outer }}{{ inner is defined }}"}
"""
    _, steps = await outcome(start, actions)
    assert steps["actions/2"].result == {"seen": "2False"}


async def test_branches_go_side_by_side_and_do_not_see_each_other(start: Start) -> None:
    actions = f"""
    - variables: {{mine: 0}}
    - parallel:
        - [{{variables: {{mine: 1}}}}, {RUN}, {{variables: {{seen: "{{{{ mine }}}}"}}}}]
        - sequence: [{{variables: {{mine: 2}}}}, {RUN}, {{variables: {{seen: "{{{{ mine }}}}"}}}}]
        - {RUN}
    - variables: {{seen: "{{{{ mine }}}}"}}
"""
    firing, steps = await outcome(start, actions)
    assert firing.state is FiringState.SUCCEEDED
    seen = [steps[f"actions/1/{branch}/0/2"].result for branch in (0, 1)]
    assert seen == [{"seen": 1}, {"seen": 2}]
    assert steps["actions/2"].result == {"seen": 0}


async def test_what_the_steps_of_branches_gave_is_there_when_all_have_ended(start: Start) -> None:
    looks = '{variables: {seen: "{{ a is defined }}"}}'
    named = [RUN[:-1] + f", response_variable: {name}}}" for name in "abcd"]
    actions = f"""
    - continue_on_error: true
      parallel:
        - {named[0]}
        - [{named[1]}, {{parallel: [{named[2]}]}}, {looks}]
        - [{BROKEN}, {named[3]}]
    - variables: {{numbers: "{{{{ [a, b, c] | map(attribute='run.number') | sort }}}}"}}
    - variables: {{others: "{{{{ [d is defined, seen is defined] }}}}"}}
"""
    _, steps = await outcome(start, actions)
    assert steps["actions/0/1/0/2"].result == {"seen": False}
    assert steps["actions/1"].result == {"numbers": [1, 2, 3]}
    assert steps["actions/2"].result == {"others": [False, False]}


async def test_a_failing_branch_lets_the_others_end_first(start: Start) -> None:
    firing, steps = await outcome(start, f"    - parallel: [{BROKEN}, {RUN}]")
    assert firing.state is FiringState.FAILED
    assert steps["actions/0/1/0"].state is StepState.SUCCEEDED


async def test_a_step_may_fail_without_ending_the_firing(start: Start) -> None:
    broken = BROKEN.replace("{action", "{continue_on_error: true, action", 1)
    firing, steps = await outcome(start, f"    - {broken}\n    - {RUN}")
    assert firing.state is FiringState.SUCCEEDED
    assert [step.state for step in steps.values()] == [StepState.FAILED, StepState.SUCCEEDED]
    assert "division" in str(steps["actions/0"].error)


async def test_the_next_step_is_told_what_failed(start: Start) -> None:
    broken = BROKEN.replace("{action", "{continue_on_error: true, response_variable: r, action", 1)
    seen = "{if: '{{ r.error is defined }}', then: [{variables: {seen: '{{ r.error }}'}}]}"
    firing, steps = await outcome(start, f"    - {broken}\n    - {seen}")
    assert firing.state is FiringState.SUCCEEDED
    assert "division" in steps["actions/1/then/0"].result["seen"]


async def test_a_condition_among_actions_ends_its_own_sequence(start: Start) -> None:
    actions = """
    - sequence:
        - "{{ trigger.json.n > 5 }}"
        - variables: {never: 1}
    - variables: {reached: 1}
    - {condition: time, before: "00:00"}
    - variables: {never: 2}
"""
    firing, steps = await outcome(start, actions, n=1)
    assert firing.state is FiringState.STOPPED
    assert "Condition 1 (time) does not hold" in str(firing.reason)
    assert set(steps) == {"actions/0/0", "actions/1", "actions/2"}


@pytest.mark.parametrize(
    ("error", "state"), [("false", FiringState.STOPPED), ("true", FiringState.FAILED)]
)
async def test_stop_ends_the_firing_with_its_reason(
    start: Start, error: str, state: FiringState
) -> None:
    actions = f"""
    - if: "{{{{ true }}}}"
      then: {{stop: "Enough of {{{{ trigger.json.what }}}}.", error: {error}}}
    - {RUN}
"""
    firing, _ = await outcome(start, actions, what="it")
    assert (firing.state, firing.reason) == (state, "Enough of it.")


@pytest.mark.parametrize(
    ("repeat", "told"),
    [
        (
            '{count: "{{ trigger.json.many }}", sequence: []}',
            "must give a whole number, not 'many'",
        ),
        ('{for_each: "{{ trigger.json.five }}", sequence: []}', "must give a list, not '5'"),
        ('{count: "{{ trigger.json.five * 2001 }}", sequence: []}', "more than 10000 turns"),
    ],
)
async def test_a_loop_over_nothing_of_the_kind_fails_with_its_reason(
    start: Start, repeat: str, told: str
) -> None:
    firing, _ = await outcome(start, f"    - repeat: {repeat}", many="many", five=5)
    assert firing.state is FiringState.FAILED
    assert told in str(firing.reason)


async def test_after_a_restart_a_script_goes_on_where_it_was(start: Start) -> None:
    actions = f"""
    - variables: {{noted: "{{{{ now().isoformat() }}}}"}}
    - if: "{{{{ now().year == 2026 }}}}"
      then:
        - delay: {{hours: 1}}
        - {RUN}
"""
    began = datetime(2026, 12, 31, 22, 30, tzinfo=UTC)
    async with start(f"  actions:\n{actions}", clock=ScriptedClock(began)) as hub:
        with hub.notices.subscribe() as subscription:
            await post(hub)
            await until_step(subscription, "actions/1/then/0")
        _, steps = await recorded(hub)
        assert steps["actions/1/then/0"].state is StepState.RUNNING
    later = ScriptedClock(began + timedelta(hours=2))  # in another year: the decision stands
    async with start(f"  actions:\n{actions}", clock=later) as hub:
        assert await ended(hub, 1) == [FiringState.SUCCEEDED]
        _, after = await recorded(hub)
    assert after["actions/0"] == steps["actions/0"]
    assert after["actions/1/then/0"].started_at == began
    assert after["actions/1/then/1"].state is StepState.SUCCEEDED


@pytest.mark.parametrize("edited", ["- {id: cards, mode: broken}", "[]"])
async def test_after_a_restart_a_script_goes_on_though_its_automation_is_broken_or_gone(
    start: Start, tmp_path: Path, edited: str
) -> None:
    began = datetime(2026, 12, 31, 22, 30, tzinfo=UTC)
    actions = f"  actions: [{{delay: {{hours: 1}}}}, {RUN}]"
    async with start(actions, clock=ScriptedClock(began)) as hub:
        with hub.notices.subscribe() as subscription:
            await post(hub)
            await first(subscription, FiringChanged)
    await asyncio.to_thread((tmp_path / "automations.yaml").write_text, edited)
    clock = ScriptedClock(began)
    async with Hub(tmp_path, port=0, worker_module="hub.testing.worker", clock=clock) as hub:
        with hub.notices.subscribe() as subscription:
            await clock.advance(3600)
            assert await until_ended(subscription) is FiringState.SUCCEEDED


async def test_a_step_waits_while_the_database_is_full(start: Start) -> None:
    def leave_pages(connection: Connection, count: int) -> None:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages + count}")

    actions = "  actions: [{variables: {long: \"{{ 'x' * 900000 }}\"}}]"
    clock = ScriptedClock()
    async with start(actions, clock=clock) as hub:
        await hub.books.database.write(partial(leave_pages, count=50))
        with hub.notices.subscribe() as subscription, capture_logs() as logged:
            await post(hub)
            while not any(each["event"] == "a firing waits for the database" for each in logged):
                await hub.books.firings.page()
            await hub.books.database.write(partial(leave_pages, count=1000))
            await clock.advance(60)
            assert await until_ended(subscription) is FiringState.SUCCEEDED
        _, steps = await recorded(hub)
    assert len(steps["actions/0"].result["long"]) == 900_000


async def test_waiting_for_a_template_ends_with_its_time(start: Start) -> None:
    actions = """
    - wait_template: "{{ trigger.json.never }}"
      timeout: "{{ trigger.json.seconds }} s"
    - variables: {completed: "{{ wait.completed }}"}
    - wait_template: "{{ true }}"
    - variables: {completed: "{{ wait.completed }}"}
"""
    _, steps = await outcome(start, actions, never=False, seconds=0)
    assert steps["actions/1"].result == {"completed": False}
    assert steps["actions/3"].result == {"completed": True}


@pytest.mark.parametrize(
    ("actions", "told"),
    [
        ("- {delay: soon}", "must be a duration such as 30s, 1h30m or 00:05:00, or a template"),
        ("- {repeat: {sequence: []}}", "takes one of `count`, `for_each`, `while` and `until`"),
        ("- {if: '{{ x', then: []}", "cannot be read"),
        ("- {choose: {conditions: [], sequence: {action: workflow.rum}}}", "workflow.run"),
        ("- parallel: [{action: workflow.run, data: {workflow: cart}}]", "there is no workflow"),
        ("- {wait: 5}", "the key 'action' is missing"),
        ("- {stop: '{{ x', error: true}", "cannot be read"),
    ],
)
async def test_a_mistake_deep_inside_is_told_at_load(
    start: Start, tmp_path: Path, actions: str, told: str
) -> None:
    async with start(f"  actions:\n    {actions}", is_sound=False) as hub:
        (status,) = hub.supervisor.statuses()
    assert told in status.reason
    assert "automations.yaml:4:" in status.reason
