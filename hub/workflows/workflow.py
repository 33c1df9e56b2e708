"""A saved workflow: a graph in API format with declared parameters."""

from typing import Any

import msgspec

from hub.workflows.parameters import Parameter


class OutputNode(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An output by name: the node that makes it."""

    node: str


class Sidecar(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What `workflows/<name>.yaml` adds to the graph. Runs of one that is `deterministic` share no
    call of a model with others, so that equal ones give equal bits."""

    title: str = ""
    description: str = ""
    deterministic: bool = False
    parameters: dict[str, Parameter] = {}
    outputs: dict[str, OutputNode] = {}


class Workflow(msgspec.Struct, frozen=True, kw_only=True):
    """A graph under a name. The graph is never changed; `fill` works on a copy."""

    name: str
    graph: dict[str, Any]
    sidecar: Sidecar = Sidecar()

    @property
    def title(self) -> str:
        return self.sidecar.title or self.name

    @property
    def extra(self) -> dict[str, Any]:
        """What its runs are told besides the graph."""
        return {"deterministic": True} if self.sidecar.deterministic else {}

    @property
    def parameters(self) -> dict[str, Parameter]:
        return self.sidecar.parameters
