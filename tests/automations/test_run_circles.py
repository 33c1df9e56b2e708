"""The check warns of automations that fire each other for ever by the ends of their runs."""

from pathlib import Path

import pytest

from hub.automations.loading import read_configuration
from tests.web.configuration import write_configuration

RUN = "- {action: workflow.run, data: {workflow: plain, tags: [made]}}"


def automation(name: str, trigger: str = "", *, run: str = RUN, more: str = "") -> str:
    """One that runs a workflow when a run has ended; `trigger` says of which."""
    return (
        f"- id: {name}\n  triggers: [{{trigger: run_finished{trigger}}}]\n{more}"
        f"  actions:\n    {run}\n"
    )


def warnings(folder: Path, *automations: str) -> list[str]:
    write_configuration(folder)
    (folder / "automations.yaml").write_text("".join(automations))
    configuration = read_configuration(folder)
    assert len(configuration.automations) == len(automations)
    return [str(each) for each in configuration.problems if "for ever" in each.message]


def test_two_that_fire_each_other_are_told(tmp_path: Path) -> None:
    (warning,) = warnings(tmp_path, automation("a"), automation("b"))
    assert warning.startswith("automations.yaml:6:")
    assert "for ever by their runs, `b` → `a` → `b`: name the automations" in warning


def test_a_longer_circle_is_told_by_names(tmp_path: Path) -> None:
    (warning,) = warnings(
        tmp_path,
        automation("a", ", automation: c, workflow: plain"),
        automation("b", ", automation: a, status: [failed, succeeded]"),
        automation("c", ", automation: b, tag: made"),
    )
    assert "`c` → `a` → `b` → `c`" in warning


@pytest.mark.parametrize(
    "other",
    [
        automation("b", ", automation: somebody"),
        automation("b", ", workflow: photo"),
        automation("b", ", status: failed"),
        automation("b", ", tag: other"),
        automation("b", ", enabled: false"),
        automation("b", more='  conditions: ["{{ trigger.run.duration > 5 }}"]\n'),
        automation("b", run='- if: "{{ trigger.run.error }}"\n      then:\n        ' + RUN),
        automation("b", run='- "{{ trigger.run.duration > 5 }}"\n    ' + RUN),
        automation("b", run=RUN.replace("data:", "enabled: false, data:")),
    ],
)
def test_a_circle_that_may_end_is_fine(tmp_path: Path, other: str) -> None:
    assert warnings(tmp_path, automation("a"), other) == []
