"""Templates, triggers, states, the hub, and how conditions are joined."""

from pathlib import Path

import pytest

from hub.automations.template_environment import TemplateFailed
from hub.errors import HubError
from tests.automations.conditions.judged import judged, mistakes

TRUE, FALSE, SENSELESS = "'{{ 1 == 1 }}'", "'{{ 1 == 2 }}'", "'{{ nobody.knows }}'"


@pytest.mark.parametrize(
    ("template", "holds"),
    [
        ("'{{ trigger.size > 5 }}'", True),
        ("'{{ trigger.size }}'", True),
        ("'yes'", True),
        ("'{{ 0 }}'", False),
        ("'{{ [1] }}'", False),
        ("'{{ trigger.name }}'", False),
    ],
)
async def test_a_bare_text_is_a_template(tmp_path: Path, template: str, holds: bool) -> None:
    assert (await judged(tmp_path, template, size=9, name="something")).holds is holds


async def test_a_template_says_what_it_gave(tmp_path: Path) -> None:
    text = "{condition: template, value_template: '{{ trigger.size }}'}"
    assert (await judged(tmp_path, text, size=0)).details == "the template gave 0"


async def test_a_trigger_is_known_by_its_id(tmp_path: Path) -> None:
    assert (await judged(tmp_path, "{condition: trigger, id: [inbox, other]}")).holds
    ruling = await judged(tmp_path, "{condition: trigger, id: other}")
    assert ruling.details == "the trigger is 'inbox', 'other' wanted"


async def test_an_event_that_is_used_again_by_hand_keeps_its_triggers_id(tmp_path: Path) -> None:
    text = "{condition: trigger, id: inbox}"
    assert (await judged(tmp_path, text, trigger="manual", id="inbox")).holds


async def test_the_state_of_an_automation_counts(tmp_path: Path) -> None:
    text = "{condition: state, entity_id: automation.upscale, state: STATE}"
    assert (await judged(tmp_path, text.replace("STATE", "'on'"))).holds
    ruling = await judged(tmp_path, text.replace("STATE", "'off'"))
    assert ruling.details == "automation.upscale is on, off wanted"
    with pytest.raises(HubError, match="upscal"):
        await judged(tmp_path, text.replace("upscale", "upscal").replace("STATE", "on"))


@pytest.mark.parametrize(
    ("asked", "holds"),
    [
        ("max_queue: 2", True),
        ("max_queue: 1", False),
        ("min_free_disk: 2 GB", False),
        ("min_free_device_memory: 6 GB", True),
        ("min_free_device_memory: 8 GB", False),
        ("model: checkpoints/sd15.safetensors", True),
        ("model: checkpoints/sdxl.safetensors", False),
    ],
)
async def test_the_hub_itself_can_be_asked(tmp_path: Path, asked: str, holds: bool) -> None:
    assert (await judged(tmp_path, f"{{condition: hub, {asked}}}")).holds is holds


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        (f"and: [{TRUE}, {TRUE}]", True),
        (f"and: [{TRUE}, {FALSE}]", False),
        (f"or: [{FALSE}, {TRUE}]", True),
        (f"or: [{FALSE}, {FALSE}]", False),
        (f"or: [{SENSELESS}, {TRUE}]", True),
        (f"not: [{FALSE}, {FALSE}]", True),
        (f"not: {TRUE}", False),
        (f"or: [{{and: [{TRUE}, {FALSE}]}}, {{not: {FALSE}}}]", True),
        (f"{{condition: or, conditions: [{FALSE}, {TRUE}]}}", True),
        (f"and: [{{condition: template, value_template: {FALSE}, enabled: false}}]", True),
    ],
)
async def test_conditions_are_joined(tmp_path: Path, text: str, holds: bool) -> None:
    assert (await judged(tmp_path, text)).holds is holds


@pytest.mark.parametrize("text", [f"and: [{TRUE}, {SENSELESS}]", f"or: [{FALSE}, {SENSELESS}]"])
async def test_a_senseless_question_is_not_swallowed(tmp_path: Path, text: str) -> None:
    with pytest.raises(TemplateFailed, match="nobody"):
        await judged(tmp_path, text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{condition: moon, after: sunset}", "must be one of and, hub, media"),
        ("{condition: state, entity_id: light.kitchen, state: on}", "'light.kitchen'; the hub"),
        ("{condition: hub, model: sd15}", "a folder of models and a file in it"),
        ("{condition: hub}", "needs `max_queue`"),
        ("{or: [{condition: trigger}]}", "the key 'id' is missing"),
    ],
)
def test_what_is_no_condition_is_told(tmp_path: Path, text: str, told: str) -> None:
    (mistake,) = mistakes(tmp_path, text)
    assert told in mistake
