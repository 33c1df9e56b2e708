"""Reads a class of ComfyUI's first node API into our `Schema`."""

import inspect
from collections.abc import Iterable, Mapping
from typing import Any

from hub.engine.folder_files import FolderFiles
from hub.nodes.api import COMBO, Hidden, Input, Output, Schema
from hub.nodes.compat.file_lists import FileList, noting_listed_names
from hub.nodes.compat.installed import installed
from hub.nodes.compat.v1_types import limit, plain, takes_any_name, type_name

_LIMITS = {"default", "min", "max", "step", "lazy", "rawLink", "multiselect"}


def read_schema(class_type: str, pack_class: Any, module: str, display_name: str | None) -> Schema:
    """What the class declares. Raises whatever its `INPUT_TYPES` raises."""
    with noting_listed_names() as listed:
        sections = pack_class.INPUT_TYPES()
    checks = ClassChecks(getattr(pack_class, "VALIDATE_INPUTS", None))
    inputs = tuple(_inputs(sections, checks, listed))
    is_open = any(item.type == COMBO.name and is_unchecked(item) for item in inputs)
    return Schema(
        class_type=class_type,
        category=str(getattr(pack_class, "CATEGORY", "sd")),
        inputs=inputs,
        outputs=tuple(_outputs(pack_class)),
        display_name=display_name,
        description=str(getattr(pack_class, "DESCRIPTION", "") or ""),
        hidden=tuple(_hidden(sections)),
        is_output_node=getattr(pack_class, "OUTPUT_NODE", False) is True,
        is_input_list=bool(getattr(pack_class, "INPUT_IS_LIST", False)),
        not_idempotent=bool(getattr(pack_class, "NOT_IDEMPOTENT", False)),
        is_deprecated=bool(getattr(pack_class, "DEPRECATED", False)),
        is_experimental=bool(getattr(pack_class, "EXPERIMENTAL", False)),
        accepts_all_inputs=takes_any_name(sections.get("optional", {})),
        checks_inputs=is_open or hasattr(pack_class, "VALIDATE_INPUTS"),
        checks_types=checks.types,
        fingerprints_inputs=hasattr(pack_class, "IS_CHANGED"),
        module=module,
    )


class ClassChecks:
    """Which inputs a class checks by code of its own, told by the parameters of that code."""

    def __init__(self, code: Any) -> None:
        parameters = inspect.signature(code).parameters.values() if code else ()
        self.names = {parameter.name for parameter in parameters}
        self.takes_all = any(p.kind is inspect.Parameter.VAR_KEYWORD for p in parameters)

    @property
    def types(self) -> bool:
        """Whether the class decides which types may be linked."""
        return "input_types" in self.names

    def covers(self, name: str) -> bool:
        return self.takes_all or name in self.names


def is_unchecked(item: Input) -> bool:
    """Whether an input's choices are only shown; the worker checks them."""
    return item.folder is None and item.options is None and "options" in item.extra


def choices_of(pack_class: Any, name: str) -> list[Any] | None:
    """What a class offers for an input now; None if it is no choice."""
    sections = pack_class.INPUT_TYPES()
    for section in ("required", "optional"):
        if name in sections.get(section, {}):
            kind, options = _spec(sections[section][name])
            offered = kind if isinstance(kind, list | tuple) else options.get("options")
            return None if offered is None else list(offered)
    return None


def hidden_tokens(pack_class: Any) -> dict[str, str]:
    """The hidden inputs, by the names under which the function takes them."""
    declared = pack_class.INPUT_TYPES().get("hidden") or {}
    return {str(name): str(_first(token)) for name, token in declared.items()}


def _inputs(sections: Any, checks: ClassChecks, listed: set[str]) -> Iterable[Input]:
    for section in ("required", "optional"):
        for name, declared in (sections.get(section) or {}).items():
            kind, options = _spec(declared)
            is_optional = section == "optional"
            yield read_input(str(name), kind, options, checks, listed, optional=is_optional)


def read_input(
    name: str,
    kind: Any,
    options: Mapping[str, Any],
    checks: ClassChecks,
    listed: set[str],
    *,
    optional: bool,
) -> Input:
    """One input. `listed` are the names of files that were told while it was declared."""
    declared_type = type_name(kind)
    extra = {key: plain(value) for key, value in options.items() if key not in _LIMITS}
    limits = {key: limit(options.get(key)) for key in ("min", "max", "step")}
    folder, offered = None, None
    if declared_type == COMBO.name:
        found = kind if isinstance(kind, list | tuple) else options.get("options")
        folder, offered = _folder(found, options), found
    if checks.covers(name):  # limits and choices are then only shown
        extra |= {key: value for key, value in limits.items() if value is not None}
        limits = dict.fromkeys(limits)
    if offered is not None:
        is_open = checks.covers(name) or not listed.isdisjoint(map(str, offered))
        extra.pop("options", None)
        if folder is None and is_open:
            extra["options"] = plain(offered)
    return Input(
        name=name,
        type=declared_type,
        optional=optional,
        default=plain(options.get("default")),
        minimum=limits["min"],
        maximum=limits["max"],
        step=limits["step"],
        options=None if offered is None or "options" in extra else _options(offered, folder),
        folder=folder,
        checked_by_class=folder is not None and checks.covers(name),
        multiselect=bool(options.get("multiselect")),
        lazy=bool(options.get("lazy")),
        raw_link=bool(options.get("rawLink")),
        extra=extra,
    )


def _spec(declared: Any) -> tuple[Any, Mapping[str, Any]]:
    """A declaration's type and options: `(TYPE,)`, `(TYPE, options)`, or a bare `"TYPE"`."""
    if not isinstance(declared, tuple | list) or not declared:
        return declared, {}
    options = declared[1] if len(declared) > 1 else None
    return declared[0], options if isinstance(options, Mapping) else {}


def _folder(offered: Any, options: Mapping[str, Any]) -> str | None:
    if any(options.get(f"{kind}_upload") for kind in ("image", "audio", "video", "file")):
        return "input"
    return offered.folder if isinstance(offered, FileList) else None


def _options(offered: Any, folder: str | None) -> tuple[Any, ...] | None:
    """The fixed choices; beside the files of a folder those that are none of them, as "none"."""
    if folder is None:
        return tuple(map(plain, offered))
    if folder != "input":
        return None
    has = FolderFiles(installed().folders).folder_has
    return tuple(str(one) for one in offered if not has(folder, str(one))) or None


def _outputs(pack_class: Any) -> Iterable[Output]:
    kinds = _several(getattr(pack_class, "RETURN_TYPES", ()))
    names = _several(getattr(pack_class, "RETURN_NAMES", ()))
    lists = getattr(pack_class, "OUTPUT_IS_LIST", None) or ()
    tooltips = getattr(pack_class, "OUTPUT_TOOLTIPS", None) or ()
    for number, kind in enumerate(kinds):
        name = names[number] if number < len(names) else type_name(kind)
        tooltip = tooltips[number] if number < len(tooltips) else None
        is_list = bool(lists[number]) if number < len(lists) else False
        yield Output(
            type=type_name(kind),
            name=str(name),
            is_list=is_list,
            tooltip=None if tooltip is None else str(tooltip),
        )


def _hidden(sections: Any) -> Iterable[Hidden]:
    known = {token.value: token for token in Hidden}
    tokens = {str(_first(token)) for token in (sections.get("hidden") or {}).values()}
    return (known[token] for token in sorted(tokens & known.keys()))


def _several(declared: Any) -> tuple[Any, ...]:
    """A tuple, also where a pack forgot the comma of a tuple of one."""
    if declared is None:
        return ()
    return (declared,) if isinstance(declared, str) else tuple(declared)


def _first(declared: Any) -> Any:
    return declared[0] if isinstance(declared, tuple | list) and declared else declared
