"""`hub template`, and `hub --version`."""

from importlib.metadata import version

import pytest

from hub.app import Hub
from hub.notices import FiringChanged
from tests.cli.conftest import RunHub


async def test_a_template_is_tried_with_events_of_the_past(hub: Hub, hub_command: RunHub) -> None:
    with hub.notices.subscribe() as subscription:
        event = await hub.supervisor.trigger("asked", {"n": 4})
        async for notice in subscription:
            if isinstance(notice, FiringChanged) and notice.state != "running":
                break
    told = await hub_command("template", "{{ trigger.n * 2 }}", "--automation", "asked")
    assert (told.code, told.out) == (0, "8\n")
    told = await hub_command("template", "{{ [trigger.n, style] }}", "--event", event.id)
    assert told.out == '[4, "bold"]\n'


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["{{ trigger.n }}"], "'trigger' is not defined"),
        (["{{ 1 +"], "cannot be read"),
        (["x", "--automation", "nobody"], "There is no event of an automation 'nobody' yet."),
        (["x", "--event", "nothing"], "There is no event 'nothing'."),
        (["x", "--event", "a", "--automation", "b"], "with an `event` or with an `automation`'s"),
    ],
)
async def test_what_cannot_be_tried_is_told(
    hub: Hub, hub_command: RunHub, words: list[str], told: str
) -> None:
    result = await hub_command("template", *words)
    assert result.code == 1
    assert told in result.err


async def test_the_version_is_told_without_a_configuration(hub_command: RunHub) -> None:
    assert (await hub_command("--version")).out == f"hub {version('workflow-hub')}\n"
