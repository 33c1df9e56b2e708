"""Several conditions judged in order, as far as needed, with a record of each."""

from collections.abc import Sequence

from hub.automations.conditions.base import Condition, Situation
from hub.errors import HubError
from hub.records.firing import Verdict


async def verdicts(conditions: Sequence[Condition], situation: Situation) -> tuple[Verdict, ...]:
    """One for each that is enabled, up to the first that does not hold."""
    found = []
    for condition in conditions:
        if condition.enabled:
            found.append(await _verdict(condition, situation))
            if not found[-1].passed:
                break
    return tuple(found)


def reason_of(found: Sequence[Verdict]) -> str | None:
    """Why not all of them hold, in a sentence; None if they do."""
    if not found or found[-1].passed:
        return None
    refusal = found[-1]
    how = "could not be judged" if refusal.is_mistake else "does not hold"
    details = refusal.details.rstrip(".")
    return f"Condition {len(found)} ({refusal.condition}) {how}: {details}."


async def _verdict(condition: Condition, situation: Situation) -> Verdict:
    try:
        ruling = await condition.judge(situation)
    except HubError as error:
        return Verdict(condition=condition.name, passed=False, details=str(error), is_mistake=True)
    return Verdict(condition=condition.name, passed=ruling.holds, details=ruling.details)
