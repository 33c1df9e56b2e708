"""What is asked for: one workflow to be carried out."""

from typing import Any

import msgspec

from hub.engine.check import Checked
from hub.engine.findings import Findings
from hub.errors import Invalid
from hub.records.run import Origin, Run


class RunRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A graph to be carried out, with its parameters already filled in.

    `id` makes asking twice harmless: the second time gives the first run. `position` orders runs
    of equal `priority`; without one it goes to the end, or with `front` before all that wait.
    """

    graph: dict[str, Any]
    origin: Origin
    id: str | None = None
    workflow: str | None = None
    parameters: dict[str, Any] = {}
    targets: tuple[str, ...] | None = None
    priority: int = 0
    position: float | None = None
    front: bool = False
    automation: str | None = None
    firing: str | None = None
    step: str | None = None
    client: str | None = None
    tags: tuple[str, ...] = ()
    extra: dict[str, Any] = {}


class Accepted(msgspec.Struct, frozen=True, kw_only=True):
    """The run that a request makes. `node_errors` are of outputs that had to be left out."""

    run: Run
    node_errors: dict[str, Any]


class GraphRefused(Invalid):
    """The graph cannot be carried out; `checked` says why as ComfyUI does, `findings` as we do."""

    def __init__(self, checked: Checked, findings: Findings, workflow: str | None) -> None:
        self.checked = checked
        name = f"Workflow {workflow!r}" if workflow else "The workflow"
        error = checked.error or {}
        own = f"{error.get('message', '')} {error.get('details', '')}".strip()
        reasons = [str(finding).rstrip(".") for finding in findings.findings]
        super().__init__(f"{name} cannot be run: {'; '.join(reasons or [own.rstrip('.')])}.")
