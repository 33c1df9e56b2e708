"""What a class of the third node API says of itself."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from hub.errors import Invalid
from hub.nodes.compat.v3.inputs import Input, Output


class Hidden(StrEnum):
    """Values that the engine hands to nodes which ask for them, as `cls.hidden.unique_id`."""

    unique_id = "UNIQUE_ID"
    prompt = "PROMPT"
    extra_pnginfo = "EXTRA_PNGINFO"
    dynprompt = "DYNPROMPT"
    auth_token_comfy_org = "AUTH_TOKEN_COMFY_ORG"  # noqa: S105 - the name of an input
    api_key_comfy_org = "API_KEY_COMFY_ORG"


class RepeatedId(Invalid):
    """Two inputs, or two outputs, have one id."""

    def __init__(self, node: str, kind: str, name: str) -> None:
        super().__init__(f"{node} declares two {kind} called {name!r}. Rename one of them.")


@dataclass(kw_only=False)
class Schema:
    """As its author wrote it; `finalized` is complete."""

    node_id: str
    display_name: str | None = None
    category: str = "sd"
    inputs: list[Input] = field(default_factory=list)
    outputs: list[Output] = field(default_factory=list)
    hidden: list[Hidden] = field(default_factory=list)
    description: str = ""
    is_input_list: bool = False
    is_output_node: bool = False
    is_deprecated: bool = False
    is_experimental: bool = False
    is_api_node: bool = False
    not_idempotent: bool = False
    enable_expand: bool = False
    accept_all_inputs: bool = False
    search_aliases: list[str] = field(default_factory=list)
    is_dev_only: bool = False
    price_badge: Any = None
    essentials_category: str | None = None
    has_intermediate_output: bool = False
    loop_boundary: str | None = None

    def finalized(self) -> "Schema":
        """With the hidden inputs that are always there and an id for each output.

        Raises `RepeatedId`.
        """
        hidden = list(self.hidden or ())
        if self.is_output_node:
            hidden += [Hidden.prompt, Hidden.extra_pnginfo]
        if self.is_api_node:
            hidden += [Hidden.auth_token_comfy_org, Hidden.api_key_comfy_org]
        for number, output in enumerate(self.outputs or ()):
            if output.id is None:
                output.id = f"_{number}_{output.get_io_type()}_"
        complete = replace(
            self,
            inputs=list(self.inputs or ()),
            outputs=list(self.outputs or ()),
            hidden=list(dict.fromkeys(hidden)),
        )
        complete.refuse_repeated_ids()
        return complete

    def refuse_repeated_ids(self) -> None:
        for kind, declared in (("inputs", self.inputs), ("outputs", self.outputs)):
            if name := _repeated(item.id for item in declared):
                raise RepeatedId(self.node_id, kind, name)


def _repeated(ids: Iterable[str | None]) -> str | None:
    return next((name for name, count in Counter(ids).items() if count > 1), None)
