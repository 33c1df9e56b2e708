"""`hub rehearse`: edited automations, judged with what really happened."""

import json
from pathlib import Path

from hub.app import Hub
from hub.notices import FiringChanged
from tests.cli.conftest import RunHub
from tests.storage.past_runs import ran
from tests.web.configuration import WEBHOOK, plain_graph

SIDECAR = "parameters: {width: {node: '1', input: width, type: integer}}"


async def fired(hub: Hub, **variables: object) -> None:
    with hub.notices.subscribe() as subscription:
        await hub.supervisor.trigger("asked", variables)
        async for notice in subscription:
            if isinstance(notice, FiringChanged) and notice.state == "succeeded":
                break


def edited(config: Path, folder: Path, rest: str) -> str:
    """A file in which `asked` goes on like this; there is a workflow `slow` besides."""
    (config / "workflows/slow.json").write_text(json.dumps(plain_graph()))
    (config / "workflows/slow.yaml").write_text(SIDECAR)
    (folder / "edited.yaml").write_text(f"- id: asked\n{rest}")
    return str(folder / "edited.yaml")


SWEEP = """
  triggers: [{trigger: manual}]
  conditions: "{{ trigger.n < 3 }}"
  actions:
    - action: workflow.run
      data: {workflow: slow, matrix: {width: [8, 16]}}
"""


async def test_the_time_is_estimated_from_what_earlier_runs_took(
    hub: Hub, hub_command: RunHub, config: Path, tmp_path: Path
) -> None:
    for n in (1, 2, 5):
        await fired(hub, n=n)
    for number, seconds in enumerate((30, 90, 60), 1000):
        await ran(hub.books.database, number, "slow", seconds)
    await ran(hub.books.database, 2000, "slow", 0.01, cached=True)
    told = await hub_command("rehearse", edited(config, tmp_path, SWEEP))
    lines = told.out.splitlines()
    work = "about 4 min of work, from the last 3 runs of 'slow'"
    assert lines[1] == f"  2 of 3 events would fire, {work}."
    assert lines[2].endswith(" manual (about 2 min)")
    assert told.code == 0


async def test_what_is_unknown_is_told_for_programs_too(
    hub: Hub, hub_command: RunHub, config: Path, tmp_path: Path
) -> None:
    await fired(hub, n=1)
    file = edited(config, tmp_path, SWEEP)
    plain = await hub_command("rehearse", file)
    assert "  1 of 1 event would fire, work unknown: no run of 'slow' to go by.\n" in plain.out
    told = await hub_command("rehearse", file, "--json")
    (rehearsed,) = json.loads(told.out)["rehearsed"]
    assert rehearsed["durations"] == {"slow": {"seconds": None, "runs": 0}}
    assert (rehearsed["fires"], rehearsed["seconds"]) == (1, None)
    assert [each["seconds"] for each in rehearsed["planned"]] == [None]
    (difference,) = rehearsed["differences"]
    (run,) = difference["after"]["runs"]
    assert run == {
        "workflow": "slow",
        "count": 2,
        "parameters": {},
        "matrix": {"width": [8, 16]},
    }


async def test_templates_that_fail_with_what_happened_are_told_with_their_lines(
    hub: Hub, hub_command: RunHub, config: Path, tmp_path: Path
) -> None:
    await fired(hub, n=1)
    await fired(hub, n="one")
    text = SWEEP.replace('  conditions: "{{ trigger.n < 3 }}"\n', "").replace(
        "matrix: {width: [8, 16]}", 'parameters: {width: "{{ trigger.n + 8 }}"}'
    )
    told = await hub_command("rehearse", edited(config, tmp_path, text))
    assert "automations.yaml:6:50: The template '{{ trigger.n + 8 }}' failed" in told.err
    assert told.err.count("(1 event)\n") == 1
    assert "slow.width: nothing -> cannot be rendered" in told.out
    assert told.code == 1
    text = SWEEP.replace('"{{ trigger.n < 3 }}"', '[yes, "{{ trigger.n < 3 }}"]')
    judged = await hub_command("rehearse", edited(config, tmp_path, text))
    assert "automations.yaml:4:21: Condition 2 (template) could not be judged" in judged.err


async def test_the_next_times_of_changed_schedules_are_told(
    hub: Hub, hub_command: RunHub, config: Path, tmp_path: Path
) -> None:
    schedule = "{trigger: schedule, id: night, cron: '30 2 * * *', timezone: Asia/Tokyo}"
    text = SWEEP.replace("{trigger: manual}", schedule).replace("{{ trigger.n < 3 }}", "yes")
    told = await hub_command("rehearse", edited(config, tmp_path, text))
    lines = told.out.splitlines()
    assert lines[2] == "  next times of trigger night:"
    assert len(lines[3:]) == 20
    assert all(line.endswith(" 02:30:00 UTC+09:00") for line in lines[3:])


async def test_verdicts_and_parameters_that_would_be_others_are_told(
    hub: Hub, hub_command: RunHub, config: Path, tmp_path: Path
) -> None:
    await fired(hub, n=1)
    await fired(hub, n=5)
    text = (config / "automations.yaml").read_text()
    text = text.replace(f"{{trigger: webhook, webhook_id: {WEBHOOK}}}", "{trigger: manual}")
    text = text.replace("{prefix: asked}", "{prefix: 'asked{{ trigger.n }}', width: 8}")
    text += "  conditions: '{{ trigger.n < 3 }}'\n"
    (tmp_path / "edited.yaml").write_text(text)
    told = await hub_command("rehearse", str(tmp_path / "edited.yaml"), "--since", "1h")
    lines = told.out.splitlines()
    assert lines[:3] == [
        "photos: 0 events, 0 would go another way.",
        "  0 of 0 events would fire.",
        "asked: 2 events, 2 would go another way.",
    ]
    assert lines[5:7] == [
        "    plain.prefix: asked -> asked1",
        "    plain.width: nothing -> 8",
    ]
    assert lines[8].startswith("    fires -> does not fire: Condition 1")
    assert len(await hub.books.firings.page()) == 2


async def test_what_is_unchanged_goes_the_same_way(
    hub: Hub, hub_command: RunHub, config: Path
) -> None:
    await fired(hub)
    told = await hub_command("rehearse", str(config / "automations.yaml"))
    assert "asked: 1 event, 0 would go another way.\n" in told.out
    assert told.code == 0


async def test_mistakes_in_the_file_are_told(hub: Hub, hub_command: RunHub, tmp_path: Path) -> None:
    (tmp_path / "edited.yaml").write_text("- id: asked\n  actons: []\n")
    told = await hub_command("rehearse", str(tmp_path / "edited.yaml"))
    assert told.code == 1
    assert "automations.yaml:2:3: unknown key 'actons'" in told.err
    wrong = await hub_command("rehearse", str(tmp_path / "edited.yaml"), "--since", "soon")
    assert wrong.err == "Error: 'soon' is no duration: write one such as 7d or 12h.\n"


async def test_a_warning_is_told_and_is_no_mistake(
    hub: Hub, hub_command: RunHub, tmp_path: Path
) -> None:
    text = "- id: asked\n  triggers: [{trigger: manual}]\n"
    text += "  actions: [{action: automation.turn_off, target: {entity_id: nobody}}]\n"
    (tmp_path / "edited.yaml").write_text(text)
    told = await hub_command("rehearse", str(tmp_path / "edited.yaml"))
    assert "there is no automation 'nobody'" in told.err
    assert told.code == 0
