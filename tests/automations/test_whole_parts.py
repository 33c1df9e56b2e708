"""Trying one step, or the conditions, of an automation with an event of the past."""

from typing import Any

import aiohttp
import pytest

from hub.app import Hub
from hub.automations.parts import NoSuchPart, part_of
from hub.records.firing import FiringState
from tests.automations.recorded import until_ended
from tests.automations.started import Start, ended

REST = """
  variables: {size: "{{ trigger.json.n }}"}
  conditions:
    - "{{ size > 5 }}"
    - "{{ size < 3 }}"
    - "{{ size > 6 }}"
  actions:
    - stop: never here
    - if: "{{ false }}"
      then:
        - {stop: not here either}
        - {variables: {seen: "{{ size * 2 }}"}, enabled: false}
"""


async def answer_of(hub: Hub, path: str, body: object = None) -> tuple[int, dict[str, object]]:
    method = "GET" if body is None else "POST"
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, f"{hub.address}/api/hub/automations/{path}", json=body) as got,
    ):
        return got.status, await got.json()


async def test_one_step_is_carried_out_alone_without_conditions(start: Start) -> None:
    async with start(REST) as hub:
        assert await ended(hub, 1, {"n": 7}) == [FiringState.STOPPED]
        (past,) = await hub.books.firings.page()
        body = {"event": past.event, "only": "actions/1/then/1"}
        with hub.notices.subscribe() as subscription:
            status, answer = await answer_of(hub, "cards/trigger", body)
            assert status == 202
            assert await until_ended(subscription) is FiringState.SUCCEEDED
        steps = {step.key: step for step in await hub.books.firings.steps(str(answer["firing"]))}
    assert steps["actions/0"].result == {"seen": 14}


GIVING = """
  variables: {mood: calm}
  actions:
    - variables: {size: "{{ trigger.json.n }}", mood: wild}
    - if: "{{ true }}"
      then:
        - {action: output.find, data: {since: 1h}, response_variable: found}
        - stop: "{{ mood }} {{ size }} {{ found.outputs }}"
    - variables: {size: never}
"""


async def test_one_step_sees_what_those_before_it_gave_then(start: Start) -> None:
    async with start(GIVING) as hub:
        assert await ended(hub, 1, {"n": 7}) == [FiringState.STOPPED]
        (past,) = await hub.books.firings.page()
        event = past.event
        for _ in range(2):  # the second time it is the event of the first trial
            with hub.notices.subscribe() as subscription:
                body = {"event": event, "only": "actions/1/then/1"}
                _, answer = await answer_of(hub, "cards/trigger", body)
                assert await until_ended(subscription) is FiringState.STOPPED
            firing = await hub.books.firings.get(str(answer["firing"]))
            assert firing.reason == "wild 7 []"
            event = firing.event


async def test_an_event_that_tried_one_step_fires_the_whole_automation_again(start: Start) -> None:
    async with start(REST) as hub:
        assert await ended(hub, 1, {"n": 7}) == [FiringState.STOPPED]
        (past,) = await hub.books.firings.page()
        with hub.notices.subscribe() as subscription:
            body = {"event": past.event, "only": "actions/1/then/1"}
            _, tried = await answer_of(hub, "cards/trigger", body)
            assert await until_ended(subscription) is FiringState.SUCCEEDED
            await answer_of(hub, "cards/trigger", {"event": tried["event"]})
            assert await until_ended(subscription) is FiringState.STOPPED


@pytest.mark.parametrize("idx", [5, "9" * 5000, None, "0"])
async def test_odd_variables_given_by_hand_are_what_templates_see(start: Start, idx: Any) -> None:
    async with start("  actions: [{stop: '{{ trigger.only | default }}', error: true}]\n") as hub:
        with hub.notices.subscribe() as subscription:
            variables = {"idx": idx, "only": "cats"}
            assert (await answer_of(hub, "cards/trigger", {"variables": variables}))[0] == 202
            assert await until_ended(subscription) is FiringState.FAILED
        (firing,) = await hub.books.firings.page()
    assert firing.reason == "cats"


async def test_an_event_that_cannot_be_is_refused(start: Start) -> None:
    async with start(REST) as hub:
        status, answer = await answer_of(hub, "cards/trigger", {"event": "\ud800"})
    assert status == 400
    assert "at `$.event`" in str(answer)


WAYS = ["actions/9", "actions/" + "9" * 5000, "actions/1/else/0", "conditions/0", "alias", ""]


@pytest.mark.parametrize("way", WAYS)
async def test_a_step_that_is_not_there_is_refused(start: Start, way: str) -> None:
    async with start(REST) as hub:
        with pytest.raises(NoSuchPart, match="such as `actions/0`"):
            part_of(hub.supervisor.written("cards"), way)
        status, _ = await answer_of(hub, "cards/trigger", {"only": way})
        assert status == 400
        assert await hub.books.firings.page() == []


async def test_each_condition_says_what_it_thinks_of_a_past_event(start: Start) -> None:
    async with start(REST) as hub:
        assert (await answer_of(hub, "cards/conditions"))[0] == 400
        await ended(hub, 1, {"n": 7})
        _, answer = await answer_of(hub, "cards/conditions")
        (past,) = await hub.books.firings.page()
    assert answer["event"] == past.event
    verdicts = answer["verdicts"]
    assert isinstance(verdicts, list)
    assert [verdict["passed"] for verdict in verdicts] == [True, False, True]
