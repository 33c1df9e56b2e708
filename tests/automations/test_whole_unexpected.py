"""A mistake of the hub's own ends the firing that it happens in, and nothing else."""

from typing import Any

import pytest

from hub.automations.actions.base import Action, Begun
from hub.automations.actions.output_find import OutputFind
from hub.automations.conditions.template import TemplateCondition
from hub.records.firing import FiringState, StepState
from tests.automations.recorded import recorded
from tests.automations.started import Start, ended

FIND = "{action: output.find, data: {}}"


@pytest.mark.parametrize(
    ("actions", "kind", "method", "step"),
    [
        (f"[{FIND}]", OutputFind, "finish", "actions/0"),
        (f"[{FIND}]", Action, "begin", "actions/0"),
        (f"[{{sequence: [{FIND}]}}]", OutputFind, "finish", "actions/0/0"),
        (f"[{{if: '{{{{ true }}}}', then: [{FIND}]}}]", TemplateCondition, "judge", "actions/0"),
    ],
)
async def test_a_step_that_breaks_fails_with_a_reason(
    start: Start,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    actions: str,
    kind: type,
    method: str,
    step: str,
) -> None:
    async with start(f"  actions: {actions}\n") as hub:
        with monkeypatch.context() as broken:
            broken.setattr(kind, method, broken_method)
            assert await ended(hub, 1, {}) == [FiringState.FAILED]
        firing, steps = await recorded(hub)
        assert "by a mistake of the hub's own (KeyError: 'lost')" in str(firing.reason)
        assert steps[step].state is StepState.FAILED
        assert steps[step].ended_at is not None
        assert "Traceback" in capsys.readouterr().out
        assert await ended(hub, 1, {}) == [FiringState.SUCCEEDED]


async def test_a_condition_that_breaks_fails_the_firing(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with start(f"  conditions: ['{{{{ true }}}}']\n  actions: [{FIND}]\n") as hub:
        with monkeypatch.context() as broken:
            broken.setattr(TemplateCondition, "judge", broken_method)
            assert await ended(hub, 1, {}) == [FiringState.FAILED]
        assert await ended(hub, 1, {}) == [FiringState.SUCCEEDED]


async def test_a_step_that_breaks_may_be_gone_past(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    actions = (
        f"[{FIND.replace('{action', '{continue_on_error: true, action', 1)}, {{stop: Enough}}]"
    )
    async with start(f"  actions: {actions}\n") as hub:
        monkeypatch.setattr(OutputFind, "finish", broken_method)
        assert await ended(hub, 1, {}) == [FiringState.STOPPED]


async def broken_method(self: Any, about: Any) -> Begun:
    raise KeyError("lost")
