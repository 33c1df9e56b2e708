"""What a node says of itself: its inputs and outputs, and what may be expected of it.

Schemas cross from the workers to the hub as they are; so this module imports nothing of theirs.
"""

from enum import StrEnum
from functools import cached_property
from typing import Any

import msgspec

MATCH_TYPE = "COMFY_MATCHTYPE_V3"
AUTOGROW = "COMFY_AUTOGROW_V3"
DYNAMIC_COMBO = "COMFY_DYNAMICCOMBO_V3"
DYNAMIC_SLOT = "COMFY_DYNAMICSLOT_V3"


INPUT_FOLDERS = "input_folders"
"""What `folder` of an input is for one that chooses among the folders in the input folder."""


class Input(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One input of a node.

    `type` is the type's name on the wire; several types are joined by commas and `*` takes all.
    `options` are the choices of a COMBO; `folder` says instead that they are the files of that
    folder (`input`, `checkpoints` …), which the hub lists anew each time; with both it takes
    either, and with `multiselect` a list of them. With `checked_by_class` choices are only shown,
    and code of the class looks at what was chosen. `match` ties the type to that of others;
    `dynamic` says which further inputs there are. `extra` holds hints for forms (`multiline`,
    `tooltip`, `display` …) under ComfyUI's names.
    """

    name: str
    type: str
    optional: bool = False
    default: Any = None
    minimum: int | float | None = None
    maximum: int | float | None = None
    step: int | float | None = None
    options: tuple[Any, ...] | None = None
    folder: str | None = None
    multiselect: bool = False
    lazy: bool = False
    raw_link: bool = False
    checked_by_class: bool = False
    match: "Match | None" = None
    dynamic: "Autogrow | DynamicCombo | DynamicSlot | None" = None
    extra: dict[str, Any] = {}


class Match(msgspec.Struct, frozen=True):
    """All inputs and outputs of a node with the same `template` have one type, which is among
    `allowed` (joined by commas, or `*`)."""

    template: str
    allowed: str = "*"


class Autogrow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag="autogrow"):
    """As many inputs as a graph gives, all like `template`; the first `minimum` are required.

    They are called by `names`, or else `prefix` with a number below `maximum`.
    """

    template: Input
    prefix: str | None = None
    names: tuple[str, ...] = ()
    minimum: int = 1
    maximum: int = 10

    @property
    def all_names(self) -> tuple[str, ...]:
        if self.prefix is None:
            return self.names
        return tuple(f"{self.prefix}{number}" for number in range(self.maximum))


class Option(msgspec.Struct, frozen=True):
    """One of the choices of a `DynamicCombo`, with the inputs it brings."""

    key: str
    inputs: tuple[Input, ...] = ()


class DynamicCombo(msgspec.Struct, frozen=True, tag="combo"):
    """A choice, on which depends which further inputs there are."""

    options: tuple[Option, ...]


class DynamicSlot(msgspec.Struct, frozen=True, tag="slot"):
    """An input of type `slot` that brings further `inputs` as soon as it is given."""

    slot: str
    inputs: tuple[Input, ...] = ()


class Output(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One output of a node; `is_list` outputs hand on every element of a list by itself. `match`
    is the template whose type it has."""

    type: str
    name: str
    is_list: bool = False
    tooltip: str | None = None
    match: str | None = None


class Hidden(StrEnum):
    """Values that the engine hands to nodes which ask for them."""

    UNIQUE_ID = "UNIQUE_ID"
    PROMPT = "PROMPT"
    EXTRA_PNGINFO = "EXTRA_PNGINFO"
    DYNPROMPT = "DYNPROMPT"


class Schema(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, dict=True):
    """What a node is called, takes, gives and promises.

    `light` nodes hold the interpreter only briefly and keep no process-wide state, so that several
    runs of them may go on side by side. `takes_pictures` says that IMAGEs may come as `Pictures`
    (hub/nodes/pictures.py) too. `checks_inputs` and `fingerprints_inputs` say that the class has
    code of its own for these, which only a worker can carry out; `checks_types` that it decides
    itself what may be linked. `accepts_all_inputs` says that constants are handed over too which
    the schema does not name. `is_v3` classes are shown to clients in the shape of ComfyUI's third
    node API, the only one with dynamic inputs.
    """

    class_type: str
    category: str
    inputs: tuple[Input, ...] = ()
    outputs: tuple[Output, ...] = ()
    display_name: str | None = None
    description: str = ""
    hidden: tuple[Hidden, ...] = ()
    is_output_node: bool = False
    is_input_list: bool = False
    not_idempotent: bool = False
    is_deprecated: bool = False
    is_experimental: bool = False
    is_api_node: bool = False
    is_v3: bool = False
    light: bool = False
    takes_pictures: bool = False
    checks_inputs: bool = False
    checks_types: bool = False
    fingerprints_inputs: bool = False
    accepts_all_inputs: bool = False
    module: str = "nodes"

    def input(self, name: str) -> Input | None:
        """The declared input of that name."""
        return self._by_name.get(name)

    @cached_property
    def is_dynamic(self) -> bool:
        """Whether the inputs depend on the graph."""
        return any(item.dynamic for item in self.inputs)

    @cached_property
    def lazy_inputs(self) -> tuple[Input, ...]:
        """Those that are asked for only when the node wants them."""
        return tuple(item for item in self.inputs if item.lazy)

    @cached_property
    def file_inputs(self) -> tuple[Input, ...]:
        """Those that take the name of a file in some folder."""
        return tuple(item for item in self.inputs if item.folder)

    @cached_property
    def _by_name(self) -> dict[str, Input]:
        return {item.name: item for item in self.inputs}
