"""`hub rehearse`: edited automations, judged with what really happened."""

from pathlib import Path

from hub.app import Hub
from hub.notices import FiringChanged
from tests.cli.conftest import RunHub
from tests.web.configuration import WEBHOOK


async def fired(hub: Hub, **variables: object) -> None:
    with hub.notices.subscribe() as subscription:
        await hub.supervisor.trigger("asked", variables)
        async for notice in subscription:
            if isinstance(notice, FiringChanged) and notice.state == "succeeded":
                break


async def test_verdicts_and_parameters_that_would_be_others_are_told(
    hub: Hub, hub_command: RunHub, config: Path, tmp_path: Path
) -> None:
    await fired(hub, n=1)
    await fired(hub, n=5)
    edited = (config / "automations.yaml").read_text()
    edited = edited.replace(f"{{trigger: webhook, webhook_id: {WEBHOOK}}}", "{trigger: manual}")
    edited = edited.replace("{prefix: asked}", "{prefix: 'asked{{ trigger.n }}', width: 8}")
    edited += "  conditions: '{{ trigger.n < 3 }}'\n"
    (tmp_path / "edited.yaml").write_text(edited)
    told = await hub_command("rehearse", str(tmp_path / "edited.yaml"), "--since", "1h")
    lines = told.out.splitlines()
    assert lines[:2] == [
        "photos: 0 events, 0 would go another way.",
        "asked: 2 events, 2 would go another way.",
    ]
    assert lines[3:5] == [
        "    plain.prefix: asked -> asked1",
        "    plain.width: nothing -> 8",
    ]
    assert lines[6].startswith("    fires -> does not fire: Condition 1")
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
