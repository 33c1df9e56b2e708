"""`hub automations`, `hub pause`, `hub resume` and `hub reload`."""

import json
from pathlib import Path

from hub.app import Hub
from tests.automations.recorded import until_ended
from tests.cli.conftest import RunHub


async def test_automations_are_listed_and_switched(hub: Hub, hub_command: RunHub) -> None:
    assert (await hub_command("automations", "disable", "asked")).out == "asked is off.\n"
    listed = await hub_command("automations")
    lines = [line.split()[:2] for line in listed.out.splitlines()[1:]]
    assert lines == [["photos", "on"], ["asked", "off"]]
    assert (await hub_command("automations", "enable", "asked")).out == "asked is on.\n"
    assert hub.supervisor.is_on("asked")


async def test_a_trigger_that_cannot_watch_is_told_below_the_list(
    config: Path, hub_command: RunHub
) -> None:
    (config / "inbox").rmdir()
    async with Hub(config, port=0, worker_module="hub.testing.worker"):
        while "see below" not in (listed := await hub_command("automations")).out:
            pass  # it has not looked yet
        why = await hub_command("why", "photos")
    reason = f"is unavailable: There is no folder {config / 'inbox'}."
    assert listed.out.splitlines()[-1] == f"photos: the trigger inbox (folder) {reason}"
    assert (listed.code, why.code) == (0, 0)
    assert why.out == f"photos: on The automation is on. Its trigger 'inbox' {reason}\n"


async def test_without_a_hub_they_are_switched_for_its_next_start(
    config: Path, hub_command: RunHub
) -> None:
    assert (await hub_command("automations", "disable", "asked")).code == 0
    async with Hub(config, port=0, worker_module="hub.testing.worker") as hub:
        assert not hub.supervisor.is_on("asked")


async def test_one_is_fired_by_hand_and_traced(hub: Hub, hub_command: RunHub) -> None:
    fired = await hub_command("automations", "trigger", "asked", "-v", "n=3", "-v", "who=Ann")
    assert fired.code == 0
    trace = json.loads((await hub_command("automations", "trace", "asked", "--json")).out)
    assert trace["id"] == fired.out.strip()
    assert (trace["trigger"]["n"], trace["trigger"]["who"]) == (3, "Ann")
    bad = await hub_command("automations", "trigger", "asked", "-v", "n")
    assert bad.err.startswith("Error: 'n' is no variable")


async def test_a_trace_is_told_step_by_step(hub: Hub, hub_command: RunHub) -> None:
    with hub.notices.subscribe() as subscription:
        fired = await hub_command("automations", "trigger", "asked")
        await until_ended(subscription)
    lines = (await hub_command("automations", "trace", "asked")).out.splitlines()
    assert lines[0] == "asked succeeded"
    assert lines[1].startswith(f"Firing {fired.out.strip()}, begun ")
    assert lines[2].split() == ["Step", "Action", "State", "Took"]
    assert lines[3].split()[:3] == ["variables", "variables", "succeeded"]
    assert lines[4].split()[:3] == ["actions/0", "workflow.run", "succeeded"]
    assert lines[4].split(" s  ")[1].startswith("run 1: ")


async def test_one_is_judged_and_one_step_is_tried(hub: Hub, hub_command: RunHub) -> None:
    await hub_command("automations", "trigger", "asked")
    judged = await hub_command("automations", "judge", "asked")
    assert (judged.out, judged.code) == ("It has no conditions.\n", 0)
    bad = await hub_command("automations", "trigger", "asked", "--only", "actions/7")
    assert "has no step 'actions/7'" in bad.err
    tried = await hub_command("automations", "trigger", "asked", "--only", "actions/0")
    told = await hub_command("automations", "trace", tried.out.strip(), "--json")
    trace = json.loads(told.out)
    assert trace["trigger"]["only_step"] == "actions/0"


async def test_all_are_paused_and_go_on(hub: Hub, hub_command: RunHub) -> None:
    assert (await hub_command("pause")).out == "All automations are paused.\n"
    assert hub.supervisor.switches.paused
    assert (await hub_command("resume")).out == "The automations go on.\n"


async def test_a_reload_tells_what_changed_and_what_is_wrong(
    hub: Hub, hub_command: RunHub, config: Path
) -> None:
    automations = config / "automations.yaml"
    automations.write_text(automations.read_text().replace("id: asked", "id: wanted"))
    told = await hub_command("reload")
    assert (told.code, told.err) == (0, "")
    assert told.out in ("Started: wanted.\nEnded: asked.\n", "Nothing has changed.\n")
    automations.write_text("- [")
    assert (await hub_command("reload")).err.startswith("Error: The configuration has a problem")
