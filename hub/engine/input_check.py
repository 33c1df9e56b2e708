"""What can be wrong with one node's inputs, in ComfyUI's words.

A fault is `{"type", "message", "details", "extra_info"}` as it stands in `node_errors`.
"""

from collections.abc import Callable
from typing import Any

from hub.engine.catalogue import NamedFiles
from hub.engine.graph import is_link, unwrapped
from hub.engine.object_info import choices, input_config
from hub.nodes.schema import MATCH_TYPE, Input, Schema

Fault = dict[str, Any]
SourceType = Callable[[Any, Any], str]

_LONGEST_LIST_SHOWN = 20
_MATCH_ALL = {"*", MATCH_TYPE}
_NO = ("", "0", "false", "no", "off")


class LinkFault(Exception):
    """A link leads to no node, or to an output the node does not have."""

    def __init__(self, exception_type: str, message: str) -> None:
        super().__init__(message)
        self.exception_type = exception_type
        self.message = message


def check_inputs(
    inputs: dict[str, Any],
    schema: Schema,
    source_type: SourceType,
    files: NamedFiles,
    matched: dict[str, str],
) -> list[Fault]:
    """Check the inputs of one node and convert its constants in place.

    `source_type(source, output)` tells what a link carries. Notes in `matched` which type each
    template of the node has. Raises `LinkFault`.
    """
    faults = []
    for item in schema.inputs:
        fault = _Checked(item, inputs, schema, files, matched).fault(source_type)
        if fault:
            faults.append(fault)
    for name, value in inputs.items():
        if isinstance(value, list) and len(value) == 2 and schema.input(name) is None:
            source_type(*value)
    return faults


class _Checked:
    """One declared input of one node."""

    def __init__(
        self,
        item: Input,
        inputs: dict[str, Any],
        schema: Schema,
        files: NamedFiles,
        matched: dict[str, str],
    ) -> None:
        self._item = item
        self._inputs = inputs
        self._schema = schema
        self._files = files
        self._matched = matched

    def fault(self, source_type: SourceType) -> Fault | None:
        name = self._item.name
        if name not in self._inputs:
            return None if self._item.optional else _missing(name, self._schema)
        value = self._inputs[name]
        is_choice = self._item.multiselect and not is_link(value)
        if isinstance(value, list) and not is_choice:
            return self._link(value, source_type)
        return self._constant(value)

    def _link(self, value: list[Any], source_type: SourceType) -> Fault | None:
        if len(value) != 2:
            return self._fault(
                "bad_linked_input",
                "Bad linked input, must be a length-2 list of [node_id, slot_index]",
                received_value=value,
            )
        received = source_type(*value)
        wanted = self._wanted
        shared = common_type(received, wanted)
        if shared is not None:
            if self._item.match:
                self._matched[self._item.match.template] = shared
            return None
        if self._schema.checks_types:
            return None
        if not self._item.match:
            wanted = self._config[0]
        return self._fault(
            "return_type_mismatch",
            "Return type mismatch between linked nodes",
            f"{self._item.name}, received_type({received}) mismatch input_type({wanted})",
            received_type=received,
            linked_node=value,
        )

    @property
    def _wanted(self) -> str:
        """The type; of one that others decide too, what these have left of it."""
        match = self._item.match
        return self._matched.get(match.template, match.allowed) if match else self._item.type

    def _constant(self, wrapped: Any) -> Fault | None:
        value = unwrapped(wrapped)
        try:
            value = _converted(value, self._item.type)
        except (ValueError, TypeError, OverflowError) as error:
            return self._fault(
                "invalid_input_type",
                f"Failed to convert an input value to a {self._item.type} value",
                f"{self._item.name}, {value}, {error}",
                received_value=value,
                exception_message=str(error),
            )
        if not isinstance(value, list):  # a list keeps its wrapper, or it would look like a link
            self._inputs[self._item.name] = value
        return self._outside_limits(value) or self._not_offered(value)

    def _outside_limits(self, value: Any) -> Fault | None:
        if not isinstance(value, int | float):
            return None
        least, most = self._item.minimum, self._item.maximum
        if least is not None and value < least:
            message = f"Value {value} smaller than min of {least}"
            return self._fault("value_smaller_than_min", message, received_value=value)
        if most is not None and value > most:
            message = f"Value {value} bigger than max of {most}"
            return self._fault("value_bigger_than_max", message, received_value=value)
        return None

    def _not_offered(self, value: Any) -> Fault | None:
        folder = self._item.folder
        if self._item.checked_by_class:
            return None
        if folder and isinstance(value, str) and self._files.folder_has(folder, value):
            return None
        if folder == "input" and value not in (self._item.options or ()):
            return _no_such_file(self._item, value)
        offered = choices(self._item, self._files.list_folder)
        several = self._item.multiselect and isinstance(value, list)
        if offered is None or all(one in offered for one in (value if several else [value])):
            return None
        long = len(offered) > _LONGEST_LIST_SHOWN
        shown = f"(list of length {len(offered)})" if long else offered
        return self._fault(
            "value_not_in_list",
            "Value not in list",
            f"{self._item.name}: '{value}' not in {shown}",
            received_value=value,
            **({"input_config": None} if long else {}),
        )

    @property
    def _config(self) -> list[Any]:
        is_v3 = self._schema.is_v3
        return input_config(self._item, self._files.list_folder, is_v3=is_v3)

    def _fault(self, kind: str, message: str, details: str | None = None, **facts: Any) -> Fault:
        return {
            "type": kind,
            "message": message,
            "details": self._item.name if details is None else details,
            "extra_info": {"input_name": self._item.name, "input_config": self._config, **facts},
        }


def refused_by_class(name: str, words: str) -> Fault:
    """What a class has against an input; it may give no words."""
    return {
        "type": "custom_validation_failed",
        "message": "Custom validation failed for node",
        "details": f"{name} - {words}" if words else name,
        "extra_info": {"input_name": name},
    }


def types_match(received: str, wanted: str) -> bool:
    """Whether a link may carry `received` to an input of type `wanted`."""
    return common_type(received, wanted) is not None


def common_type(received: str, wanted: str) -> str | None:
    """What both may be. `*` may be all, and so may a type that is only settled when the node runs;
    several types are joined by commas."""
    if received in _MATCH_ALL:
        return wanted
    if received == wanted or wanted in _MATCH_ALL:
        return received
    shared = [name for name in received.split(",") if name in wanted.split(",")]
    return ",".join(shared) or None


def _missing(name: str, schema: Schema) -> Fault:
    """Of an input below a dynamic one, only its own part of the name is shown."""
    return {
        "type": "required_input_missing",
        "message": "Required input is missing",
        "details": name.rpartition(".")[2] if schema.is_v3 else name,
        "extra_info": {"input_name": name},
    }


def _no_such_file(item: Input, value: object) -> Fault:
    kinds = [kind for kind in ("audio", "video") if item.extra.get(f"{kind}_upload")]
    kind = kinds[0] if kinds else "image"
    return refused_by_class(item.name, f"Invalid {kind} file: {value}")


def _converted(value: Any, kind: str) -> Any:
    """A constant as its declared type wants it. Text such as "false" is false."""
    match kind:
        case "INT":
            return int(value)
        case "FLOAT":
            return float(value)
        case "STRING":
            return str(value)
        case "BOOLEAN" if isinstance(value, str):
            return value.strip().lower() not in _NO
        case "BOOLEAN":
            return bool(value)
    return value
