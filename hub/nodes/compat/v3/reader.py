"""Reads a class of the third node API into our `Schema`."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from msgspec.structs import replace

from hub.nodes import schema as ours
from hub.nodes.compat.file_lists import noting_listed_names
from hub.nodes.compat.v1_schema import ClassChecks, is_unchecked, read_input
from hub.nodes.compat.v3.dynamic_types import Autogrow, DynamicCombo, DynamicSlot, MatchType
from hub.nodes.compat.v3.inputs import Input, Output
from hub.nodes.compat.v3.schema import Schema


def read_schema(class_type: str, pack_class: Any, module: str) -> ours.Schema:
    """What the class declares. Raises whatever its `define_schema` raises."""
    with noting_listed_names() as listed:
        declared: Schema = pack_class.GET_SCHEMA()
    checks = ClassChecks(getattr(pack_class, "validate_inputs", None))
    inputs = tuple(_Reader(checks, listed).inputs(declared.inputs))
    is_open = any(item.type == "COMBO" and is_unchecked(item) for item in inputs)
    tokens = {str(token) for token in declared.hidden}
    return ours.Schema(
        class_type=class_type,
        category=declared.category,
        inputs=inputs,
        outputs=tuple(map(_output, declared.outputs)),
        display_name=declared.display_name,
        description=declared.description or "",
        hidden=tuple(token for token in ours.Hidden if token.value in tokens),
        is_output_node=declared.is_output_node,
        is_input_list=declared.is_input_list,
        not_idempotent=declared.not_idempotent,
        is_deprecated=declared.is_deprecated,
        is_experimental=declared.is_experimental,
        is_api_node=declared.is_api_node,
        is_v3=True,
        accepts_all_inputs=declared.accept_all_inputs,
        checks_inputs=is_open or hasattr(pack_class, "validate_inputs"),
        checks_types=checks.types,
        fingerprints_inputs=hasattr(pack_class, "fingerprint_inputs"),
        module=module,
    )


def options_of(pack_class: Any, name: str) -> list[Any] | None:
    """What a class offers for an input now; None if it is no choice."""
    declared: Schema = pack_class.GET_SCHEMA()
    options = next(getattr(item, "options", None) for item in declared.inputs if item.id == name)
    return None if options is None else list(options)


class _Reader:
    """Reads the inputs of one class."""

    def __init__(self, checks: ClassChecks, listed: set[str]) -> None:
        self._read = partial(read_input, checks=checks, listed=listed)

    def inputs(self, declared: Iterable[Input]) -> Iterable[ours.Input]:
        return map(self._input, declared)

    def _input(self, item: Input) -> ours.Input:
        read = self._read(item.id, item.get_io_type(), item.as_dict(), optional=item.optional)
        match item:
            case MatchType.Input(template=template):
                match = ours.Match(template.template_id, template.allowed_types)
                return replace(read, match=match)
            case Autogrow.Input(template=template):
                return replace(read, dynamic=self._autogrow(template))
            case DynamicCombo.Input(options=options):
                made = tuple(
                    ours.Option(option.key, tuple(self.inputs(option.inputs))) for option in options
                )
                keys = tuple(option.key for option in made)
                return replace(read, options=keys, dynamic=ours.DynamicCombo(made))
            case DynamicSlot.Input(slot=slot, inputs=inputs):
                below = tuple(self.inputs(inputs))
                return replace(read, dynamic=ours.DynamicSlot(slot.get_io_type(), below))
        return read

    def _autogrow(self, template: Any) -> ours.Autogrow:
        inner = self._input(template.input)
        if isinstance(template, Autogrow.TemplateNames):
            return ours.Autogrow(template=inner, names=template.names, minimum=template.min)
        return ours.Autogrow(
            template=inner, prefix=template.prefix, minimum=template.min, maximum=template.max
        )


def _output(item: Output) -> ours.Output:
    kind = item.get_io_type()
    return ours.Output(
        type=kind,
        name=item.display_name or kind,
        is_list=item.is_output_list,
        tooltip=item.tooltip,
        match=item.template.template_id if isinstance(item, MatchType.Output) else None,
    )
