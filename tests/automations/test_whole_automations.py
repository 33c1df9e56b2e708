"""Automations in a whole hub, started by webhooks, with a fake worker."""

from pathlib import Path

from hub.app import Hub
from hub.records.firing import FiringState, StepState
from hub.storage.firings import Firings
from tests.automations.started import ID, Start, ended

CARD = """
    - action: workflow.run
      data: {workflow: card, parameters: {color: "{{ trigger.json.color }}"}}
      response_variable: result
"""
SAVE = """
    - action: output.save
      data: {outputs: "{{ result.outputs }}", path: "out/{{ trigger.json.name }}.png"}
"""


def firings(hub: Hub) -> Firings:
    return hub.books.firings


async def test_a_request_becomes_a_file_under_the_name_it_asked_for(
    start: Start, tmp_path: Path
) -> None:
    async with start(f"  actions:{CARD}{SAVE}") as hub:
        states = await ended(hub, 1, {"color": 7, "name": "seven"})
    assert states == [FiringState.SUCCEEDED]
    assert (tmp_path / "out/seven.png").exists()


async def test_a_value_that_does_not_fit_fails_the_firing_with_its_name(start: Start) -> None:
    async with start(f"  actions:{CARD}") as hub:
        assert await ended(hub, 1, {"color": "blue"}) == [FiringState.FAILED]
        [firing] = await firings(hub).page()
        [step] = await firings(hub).steps(firing.id)
    assert "'color'" in str(firing.reason)
    assert (step.state, step.error) == (StepState.FAILED, firing.reason)


async def test_a_number_beyond_a_limit_becomes_the_limit_and_the_step_says_so(
    start: Start,
) -> None:
    async with start(f"  actions:{CARD}") as hub:
        assert await ended(hub, 1, {"color": -5}) == [FiringState.SUCCEEDED]
        [firing] = await firings(hub).page()
        [step] = await firings(hub).steps(firing.id)
        run = await hub.books.runs.get(step.result["run"]["id"])
    assert run.parameters["color"] == 0
    told = f"Run {run.number}: Parameter 'color': -5 became 0, its limit."
    assert step.result["warnings"] == [told]


async def test_what_a_request_leaves_out_is_named(start: Start) -> None:
    async with start(f"  actions:{CARD}") as hub:
        await ended(hub, 1, {"colour": 1})
        [firing] = await firings(hub).page()
    assert "color" in str(firing.reason)


async def test_a_file_outside_the_allowed_folders_is_refused(start: Start, tmp_path: Path) -> None:
    async with start(f"  actions:{CARD}{SAVE}") as hub:
        assert await ended(hub, 1, {"color": 1, "name": "../escaped"}) == [FiringState.FAILED]
        [firing] = await firings(hub).page()
    assert "outside the folders" in str(firing.reason)
    assert not (tmp_path / "escaped.png").exists()


async def test_a_failed_run_fails_its_firing_and_later_ones_go_on(start: Start) -> None:
    actions = CARD.replace('"{{ trigger.json.color }}"}', '1, "1.fake": "{{ trigger.json.fake }}"}')
    graph_input = "fake"
    async with start(f"  actions:{actions}") as hub:
        hub.configuration.workflows.get("card").graph["1"]["inputs"][graph_input] = ""
        states = await ended(hub, 2, {"fake": "fail"}, {"fake": ""})
    assert states == [FiringState.FAILED, FiringState.SUCCEEDED]


async def test_with_too_few_outputs_a_firing_stops_and_says_why(start: Start) -> None:
    find = "\n    - action: output.find\n      data: {since: 1h, at_least: 3}\n"
    async with start(f"  actions:{find}{CARD}") as hub:
        assert await ended(hub, 1, {"color": 1}) == [FiringState.STOPPED]
        [firing] = await firings(hub).page()
    assert "0 outputs in the last 1:00:00, at least 3 wanted" in str(firing.reason)


async def test_variables_are_rendered_once_and_seen_by_all_steps(
    start: Start, tmp_path: Path
) -> None:
    save = SAVE.replace("trigger.json.name", "stem")
    variables = '  variables: {stem: "{{ trigger.json.name | upper }}"}\n'
    async with start(f"{variables}  actions:{CARD}{save}") as hub:
        assert await ended(hub, 1, {"color": 1, "name": "big"}) == [FiringState.SUCCEEDED]
    assert (tmp_path / "out/BIG.png").exists()


async def test_in_mode_single_an_event_is_dropped_while_another_is_worked_on(start: Start) -> None:
    actions = CARD.replace('color: "{{ trigger.json.color }}"', 'color: 1, "1.fake": "hang"')
    async with start(f"  mode: single\n  actions:{actions}") as hub:
        hub.configuration.workflows.get("card").graph["1"]["inputs"]["fake"] = ""
        assert await ended(hub, 1, {"a": 1}, {"a": 2}) == [FiringState.DROPPED]
        dropped = [f for f in await firings(hub).page() if f.state is FiringState.DROPPED]
    assert "mode is single" in str(dropped[0].reason)


async def test_a_broken_automation_leaves_the_others_working(tmp_path: Path, start: Start) -> None:
    rest = f"  actions:{CARD}\n- id: broken\n  triggers: [{{trigger: folders, path: x}}]\n"
    (tmp_path / "out").mkdir()
    text = f"- id: cards\n  triggers: [{{trigger: webhook, webhook_id: {ID}}}]\n{rest}"
    (tmp_path / "automations.yaml").write_text(text)
    async with Hub(tmp_path, port=0, worker_module="hub.testing.worker") as hub:
        states = {status.id: status.state for status in hub.supervisor.statuses()}
        assert states == {"cards": "on", "broken": "unavailable"}
        assert await ended(hub, 1, {"color": 1}) == [FiringState.SUCCEEDED]
