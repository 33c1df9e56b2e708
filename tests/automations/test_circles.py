"""The check warns of automations that wait for each other in a circle."""

from pathlib import Path

import pytest

from hub.automations.loading import read_configuration


def warnings(folder: Path, **waits_for: str) -> list[str]:
    """What is said of automations, each of which waits for another, by their ids."""
    automations = [
        f"- id: {name}\n  triggers: [{{trigger: manual}}]\n  actions:\n"
        f"    - parallel:\n        - {{action: automation.trigger, target: {{entity_id: {target}}},"
        " data: {wait: true}}\n"
        for name, target in waits_for.items()
    ]
    (folder / "automations.yaml").write_text("".join(automations))
    configuration = read_configuration(folder)
    assert len(configuration.automations) == len(waits_for)
    return [str(problem) for problem in configuration.problems if "wait" in problem.message]


def test_a_circle_is_told_where_it_closes(tmp_path: Path) -> None:
    (warning,) = warnings(tmp_path, d="automation.a", a="automation.b", b="c", c="automation.a")
    assert warning.startswith("automations.yaml:20:")
    assert "for each other for ever, `c` → `a` → `b` → `c`: leave out `wait`" in warning


def test_who_waits_for_itself_is_told(tmp_path: Path) -> None:
    (warning,) = warnings(tmp_path, a="automation.a")
    assert "`a` would wait for itself" in warning


@pytest.mark.parametrize("target", ["automation.b", "'{{ trigger.id }}'"])
def test_a_chain_without_an_end_that_leads_back_is_fine(tmp_path: Path, target: str) -> None:
    assert warnings(tmp_path, a="automation.b", c=target, d="automation.c") == []
