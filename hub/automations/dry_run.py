"""A dry run of an automation: its templates are rendered as an event of each trigger would have it.

What is told is certain, whatever comes: it goes wrong with each of several names, numbers, times.
"""

import dataclasses
from collections.abc import Iterator
from typing import Any

from hub.automations.automation import Automation
from hub.automations.dry_round import DryRound
from hub.automations.findings import Finding, Spot, lasting
from hub.automations.samples import VARIANTS, varied
from hub.automations.trial import Trial
from hub.workflows.workflow import Workflow


def dry_run(
    automation: Automation,
    samples: list[dict[str, Any]],
    workflows: dict[str, Workflow],
    trial: Trial,
) -> Iterator[Finding]:
    """All that is wrong with samples of the triggers' events, each only once."""
    told: set[tuple[Spot, str]] = set()
    for index, sample in enumerate(samples):
        for finding in _found(automation, index, sample, workflows, trial, is_real=False):
            about = (finding.spot, finding.message)
            if about not in told:
                told.add(about)
                yield _with_trigger(finding, automation, index)


def dry_run_again(
    automation: Automation,
    index: int,
    sample: dict[str, Any],
    workflows: dict[str, Workflow],
    trial: Trial,
) -> list[Finding]:
    """What is wrong with an event of one trigger that has happened, and is now the sample."""
    return _found(automation, index, sample, workflows, trial, is_real=True)


def _found(
    automation: Automation,
    index: int,
    sample: dict[str, Any],
    workflows: dict[str, Workflow],
    trial: Trial,
    *,
    is_real: bool,
) -> list[Finding]:
    rounds: list[dict[Spot, Finding]] = []
    for variant in VARIANTS:
        trial.vary(variant)
        variables = varied(sample, variant) if variant else sample
        rounds.append(DryRound(variables, workflows, trial, is_real=is_real).of(automation, index))
        if not rounds[-1]:
            return []
    return lasting(rounds)


def _with_trigger(finding: Finding, automation: Automation, index: int) -> Finding:
    """Where there are several, it is told which."""
    if len(automation.triggers) == 1:
        return finding
    name, kind = automation.trigger_id(index), automation.triggers[index].kind
    message = f"with an event of the trigger {name!r} ({kind}): {finding.message}"
    return dataclasses.replace(finding, message=message)
