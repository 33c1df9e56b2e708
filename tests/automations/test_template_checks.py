"""Mistakes in templates and parameters that are told when an automation is read."""

from pathlib import Path

import pytest

from tests.automations.started import Start


def automation(text: str) -> str:
    return f"""  variables: {{own: 1}}
  actions:
    - {{variables: {{a: 1}}, response_variable: r}}
    - wait_template: "{{{{ true }}}}"
    - repeat:
        count: 2
        sequence: [{{variables: {{inner: 1}}}}]
    - {{variables: {{b: "{text}"}}}}
"""


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{{ resullt }}", "there is no variable 'resullt' here"),
        ("{{ ovn + 1 }}", "there is no variable 'ovn' here (did you mean 'own'?)"),
        ("{{ trigger.jsn.x }}", "no trigger of this automation gives 'jsn' (did you mean 'json'?)"),
        ("{{ trigger['heders'] }}", "gives 'heders' (did you mean 'headers'?)"),
        ("{% if a %}{{ ovn }}{% endif %}", "there is no variable 'ovn' here"),
    ],
)
async def test_names_that_nothing_sets_are_told(start: Start, text: str, told: str) -> None:
    async with start(automation(text), is_sound=False) as hub:
        (status,) = hub.supervisor.statuses()
    assert told in status.reason
    assert "automations.yaml:10:" in status.reason


@pytest.mark.parametrize(
    "text",
    [
        "{{ own }}{{ a }}{{ inner }}{{ r }}{{ wait.completed }}",
        "{{ trigger.json.anything.at.all }}{{ trigger.headers['x-y'] }}",
        "{{ ovn | default(1) }}{% if ovn is defined %}{{ ovn }}{% endif %}",
        "{% set x = 1 %}{{ x }}{% for y in [1] %}{{ y }}{{ loop.index }}{% endfor %}",
        "{{ range(3) | list }}{{ now() }}{{ timedelta(hours=1) }}",
    ],
)
async def test_names_that_may_be_there_are_not(start: Start, text: str) -> None:
    async with start(automation(text)) as hub:
        assert [status.state for status in hub.supervisor.statuses()] == ["on"]


@pytest.mark.parametrize(
    "block",
    [
        '{if: "{{ ovn }}", then: {stop: x}}',
        '{choose: {conditions: "{{ ovn }}", sequence: {stop: x}}}',
        '{repeat: {while: "{{ ovn }}", sequence: {stop: x}}}',
    ],
)
async def test_conditions_of_blocks_are_checked_too(start: Start, block: str) -> None:
    async with start(f"  actions: [{block}]\n", is_sound=False) as hub:
        (status,) = hub.supervisor.statuses()
    assert "there is no variable 'ovn' here" in status.reason
    assert "automations.yaml:3:" in status.reason


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ("parameters: {color: red}", "'color'"),
        ("parameters: {color: -1}", "at least 0"),
        ("matrix: {color: [1, red]}", "'color'"),
    ],
)
async def test_plain_values_that_do_not_fit_are_told(
    start: Start, tmp_path: Path, data: str, told: str
) -> None:
    action = f"{{action: workflow.run, data: {{workflow: card, {data}}}}}"
    async with start(f"  actions: [{action}]\n", is_sound=False) as hub:
        (status,) = hub.supervisor.statuses()
    assert told in status.reason
    assert "automations.yaml:3:" in status.reason
