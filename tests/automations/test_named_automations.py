"""The check warns of automations that are named and are not there."""

from pathlib import Path

import pytest

from hub.automations.loading import read_configuration

NAMING = {
    "target": "{action: automation.turn_on, target: {entity_id: automation.phtos}}",
    "state": "{if: {condition: state, entity_id: automation.phtos, state: 'on'}, then: {stop: x}}",
    "run_finished": "{wait_for_trigger: {trigger: run_finished, automation: phtos}}",
}


@pytest.mark.parametrize("action", NAMING.values(), ids=NAMING)
def test_a_name_that_no_automation_has_is_told_and_keeps_nothing_from_working(
    tmp_path: Path, action: str
) -> None:
    (tmp_path / "automations.yaml").write_text(
        "- id: naming\n  triggers: [{trigger: manual}]\n"
        f"  actions:\n    - {action}\n    - {action.replace('phtos', 'photos')}\n"
        "- id: photos\n  triggers: [{trigger: manual}]\n  actions: [{mistaken: 5}]\n"
    )
    configuration = read_configuration(tmp_path)
    assert [automation.id for automation in configuration.automations] == ["naming"]
    warning, *mistakes = map(str, configuration.problems)
    assert "warning: there is no automation 'phtos' (did you mean 'photos'?)" in warning
    assert warning.startswith("automations.yaml:4:")
    assert all(": warning: " not in mistake for mistake in mistakes)
