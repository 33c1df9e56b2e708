"""What automations do to each other, in a whole hub."""

from datetime import timedelta
from pathlib import Path

import pytest

from hub.app import Hub
from hub.notices import FiringChanged
from hub.records.firing import Firing, FiringState
from hub.testing.clock import ScriptedClock
from tests.automations.recorded import until_ended, until_step
from tests.automations.started import Start, ended, first, post

OTHER = """
- id: other
  triggers: [{trigger: manual}]
  conditions: ["{{ trigger.n > 5 }}"]
  actions: [{variables: {seen: "{{ trigger.n }}"}}]
"""


def acting(kind: str, rest: str = "", target: str = "automation.other") -> str:
    """An automation with one action, and another automation."""
    action = f"{{action: automation.{kind}, target: {{entity_id: {target}}}{rest}}}"
    return f"  actions:\n    - {action}\n{OTHER}"


async def firing_of(hub: Hub, automation: str) -> Firing:
    (firing,) = await hub.books.firings.page(automation=automation)
    return firing


@pytest.mark.parametrize(
    ("data", "state"),
    [
        ("variables: {n: '{{ trigger.json.n }}'}", FiringState.SUCCEEDED),
        ("variables: {n: 1}, skip_condition: false", FiringState.STOPPED),
    ],
)
async def test_another_automation_is_fired_with_variables(
    start: Start, data: str, state: FiringState
) -> None:
    async with start(acting("trigger", f", data: {{{data}}}")) as hub:
        await ended(hub, 2, {"n": 1})
        own, other = await firing_of(hub, "cards"), await firing_of(hub, "other")
        (step,) = await hub.books.firings.steps(own.id)
    assert other.state is state
    assert step.result == {"firings": [other.id]}


ASKING = """
  actions:
    - action: automation.trigger
      target: {{entity_id: automation.{target}}}
      data: {{wait: true, variables: {{n: 7}}}}
      response_variable: answer
    - variables: {{got: "{{{{ answer.response }}}}"}}
- id: other
  triggers: [{{trigger: manual}}]
  actions:
    - variables: {{doubled: "{{{{ {{'n': trigger.n * 2}} }}}}"}}
    - if: "{{{{ true }}}}"
      then: [{stop}]
"""


async def test_one_that_waits_for_another_gets_what_its_stop_responds(start: Start) -> None:
    stop = "{stop: done, response_variable: doubled}"
    async with start(ASKING.format(target="other", stop=stop)) as hub:
        assert await ended(hub, 2, {}) == [FiringState.STOPPED, FiringState.SUCCEEDED]
        asked, got = await hub.books.firings.steps((await firing_of(hub, "cards")).id)
    assert asked.result["results"][0]["reason"] == "done"
    assert asked.result["response"] == {"n": 14}
    assert got.result == {"got": {"n": 14}}


NEVER_SET = '{if: "{{ trigger.n > 9 }}", then: {variables: {y: 1}}}'


@pytest.mark.parametrize(
    ("target", "stop", "sentence"),
    [
        ("other", "{stop: broken, error: true}", "automation 'other' failed: broken"),
        ("other", f"{NEVER_SET}, {{stop: x, response_variable: y}}", "no variable 'y' to respond"),
        ("cards", "{stop: x}", "would wait for itself"),
    ],
)
async def test_one_that_waits_for_another_fails_with_it(
    start: Start, target: str, stop: str, sentence: str
) -> None:
    rest = ASKING.format(target=target, stop=stop)
    async with start(rest, is_sound=target != "cards") as hub:
        assert FiringState.FAILED in await ended(hub, 1 if target == "cards" else 2, {})
        assert sentence in str((await firing_of(hub, "cards")).reason)


CIRCLE = """
  actions:
    - action: automation.trigger
      target: {entity_id: automation.other}
      data: {wait: true}
- id: other
  triggers: [{trigger: manual}]
  actions:
    - if: "{{ 'awaited_by' in trigger }}"
      then:
        - action: automation.trigger
          target: {entity_id: "automation.{{ 'cards' }}"}
          data: {wait: true}
"""


async def test_automations_that_wait_in_a_circle_fail_and_say_so(start: Start) -> None:
    async with start(CIRCLE) as hub:
        assert await ended(hub, 2, {}) == [FiringState.FAILED, FiringState.FAILED]
        assert str((await firing_of(hub, "cards")).reason).endswith(
            "'other' would wait for 'cards', which waits for 'other': leave out `wait`."
        )


@pytest.mark.parametrize(
    ("before", "kind", "after"),
    [
        (True, "turn_off", "off"),
        (True, "turn_on", "on"),
        (False, "turn_on", "on"),
        (True, "toggle", "off"),
        (False, "toggle", "on"),
    ],
)
async def test_another_automation_is_switched(
    start: Start, before: bool, kind: str, after: str
) -> None:
    async with start(acting(kind)) as hub:
        await hub.supervisor.set_state("other", before)
        assert await ended(hub, 1, {}) == [FiringState.SUCCEEDED]
        states = {status.id: status.state for status in hub.supervisor.statuses()}
    assert states == {"cards": "on", "other": after}


@pytest.mark.parametrize("stops", [True, False])
async def test_firings_of_one_that_is_turned_off_end_if_they_are_to(
    start: Start, stops: bool
) -> None:
    sleeper = """
- id: sleeper
  triggers: [{trigger: manual}]
  actions: [{delay: 1h}]
"""
    rest = acting("turn_off", f", data: {{stop_actions: {stops}}}", target="automation.sleeper")
    async with start(rest + sleeper) as hub:
        with hub.notices.subscribe() as subscription:
            await hub.supervisor.trigger("sleeper", {})
            await first(subscription, FiringChanged)
        await ended(hub, 2 if stops else 1, {})
        asleep, own = await firing_of(hub, "sleeper"), await firing_of(hub, "cards")
    assert own.state is FiringState.SUCCEEDED
    assert asleep.state is (FiringState.STOPPED if stops else FiringState.RUNNING)


async def test_an_automation_may_turn_itself_off(start: Start) -> None:
    async with start(acting("turn_off", target="automation.cards")) as hub:
        assert await ended(hub, 1, {}) == [FiringState.SUCCEEDED]
        assert not hub.supervisor.is_on("cards")


@pytest.mark.parametrize("is_on", [True, False])
async def test_after_a_restart_one_goes_on_to_wait_for_another(start: Start, is_on: bool) -> None:
    actions = acting("trigger", ", data: {wait: true}").replace(OTHER, "")
    other = "- id: other\n  triggers: [{trigger: manual}]\n  actions: [{delay: 1h}]\n"
    async with start(actions, more=other, clock=ScriptedClock()) as hub:
        with hub.notices.subscribe() as subscription:
            await post(hub)
            while (await first(subscription, FiringChanged)).automation != "other":
                pass
        await hub.supervisor.set_state("other", is_on)
    clock = ScriptedClock()
    async with start(actions, more=other, clock=clock) as hub:
        with hub.notices.subscribe() as subscription:
            await clock.advance(3600)
            await until_ended(subscription)
            while (await firing_of(hub, "cards")).state is FiringState.RUNNING:
                pass
        assert (await firing_of(hub, "other")).state is FiringState.SUCCEEDED
        assert (await firing_of(hub, "cards")).state is FiringState.SUCCEEDED


async def test_after_a_restart_nothing_is_fired_twice(start: Start) -> None:
    automation = acting("trigger", ", data: {variables: {n: 9}}").replace(
        OTHER, f"    - delay: 1h\n{OTHER}"
    )
    clock = ScriptedClock()
    async with start(automation, clock=clock) as hub:
        with hub.notices.subscribe() as subscription:
            await post(hub)
            await until_step(subscription, "actions/1")
            while not (fired := await hub.books.firings.page(automation="other")):
                await first(subscription, FiringChanged)
        await hub.supervisor.trigger("other", {"n": 9}, key=await _key(hub))
    later = ScriptedClock(clock.now() + timedelta(hours=2))
    async with start(automation, clock=later) as hub:
        with hub.notices.subscribe() as subscription:
            if (await firing_of(hub, "cards")).ended_at is None:
                await until_ended(subscription)
        assert [(await firing_of(hub, "other")).id] == [firing.id for firing in fired]


async def _key(hub: Hub) -> str:
    """Under which the action fired the other automation."""
    return f"{(await firing_of(hub, 'cards')).id}/actions/0"


async def test_the_configuration_is_read_again(start: Start, tmp_path: Path) -> None:
    async with start("  actions: [{action: automation.reload}]\n") as hub:
        with (tmp_path / "automations.yaml").open("a") as file:
            file.write(OTHER)
        assert await ended(hub, 1, {}) == [FiringState.SUCCEEDED]
        assert {status.id for status in hub.supervisor.statuses()} == {"cards", "other"}


@pytest.mark.parametrize(
    ("action", "told"),
    [
        (
            acting("turn_on", target="automation.othr"),
            "no automation 'othr'. Did you mean 'other'?",
        ),
        (acting("toggle", target="nobody"), "no automation 'nobody'"),
        (acting("trigger", target="othr"), "no automation 'othr'"),
    ],
)
async def test_who_is_not_there_fails_the_step(start: Start, action: str, told: str) -> None:
    async with start(action, is_sound=False) as hub:
        assert await ended(hub, 1, {}) == [FiringState.FAILED]
        assert told in str((await firing_of(hub, "cards")).reason)


async def test_an_automation_that_is_off_is_not_fired(start: Start) -> None:
    async with start(acting("trigger")) as hub:
        await hub.supervisor.set_state("other", False)
        assert await ended(hub, 1, {}) == [FiringState.FAILED]
        assert "is off" in str((await firing_of(hub, "cards")).reason)
