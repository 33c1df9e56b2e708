"""What is said when a template asks for something that is not there."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from itertools import islice
from typing import Any, Self

from jinja2 import StrictUndefined, nodes
from jinja2.utils import missing

from hub.automations.template_rendering import current_rendering

_LISTED = 20
_KINDS = {str: "a text", bool: "a truth value", int: "a number", float: "a number"}

Path = tuple[str | int, ...]


class NamedUndefined(StrictUndefined):
    """An error as soon as it is used, which names what was asked for and what there is.

    What it is asked for is as undefined, so that `default` covers all of a path."""

    __slots__ = ()

    def __getattr__(self, name: str) -> Self:
        if name.startswith("__"):  # Python asks for these
            raise AttributeError(name)
        return self

    def __getitem__(self, key: Any) -> Self:  # type: ignore[override]  # Jinja's own only raises
        return self

    @property
    def _undefined_message(self) -> str:
        name = self._undefined_name
        if self._undefined_hint or name is None:
            return super()._undefined_message
        rendering = current_rendering.get()
        if self._undefined_obj is missing:
            return _unknown("", name, rendering.variables)
        owner = _written(_owner_of(name, self._undefined_obj))
        if isinstance(self._undefined_obj, Mapping):
            return _unknown(owner, name, self._undefined_obj)
        kind = _kind(self._undefined_obj)
        if not owner:
            return f"{name!r} is not defined: it was asked of {kind}"
        return f"{_written((owner, name))!r} is not defined: {owner} is {kind}"


def _unknown(owner: str, name: Any, known: Mapping[Any, Any]) -> str:
    prefix = f"{owner}." if owner else ""
    names = [key for key in known if isinstance(key, str)]
    listed = ", ".join(islice(names, _LISTED)) + (", …" if len(names) > _LISTED else "")
    sentence = (
        f"'{prefix}{name}' is not defined; {owner or 'the template'} has: {listed or 'nothing'}"
    )
    close = get_close_matches(str(name), names, n=1)
    return f"{sentence}. Did you mean '{prefix}{close[0]}'?" if close else sentence


def _kind(value: Any) -> str:
    if value is None:
        return "None"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    return _KINDS.get(type(value), f"a {type(value).__name__}")


def _owner_of(name: Any, owner: Any) -> Path:
    """How the template writes `owner`, which it asked for `name`; empty where it is no variable."""
    rendering = current_rendering.get()
    for path in _paths(rendering.tree()):
        if path[-1] == name and _follow(rendering.variables, path[:-1]) is owner:
            return path[:-1]
    return ()


def _paths(tree: nodes.Node) -> Iterator[Path]:
    for node in tree.find_all((nodes.Getattr, nodes.Getitem)):
        path = _path(node)
        if path:
            yield path


def _path(node: nodes.Node) -> Path | None:
    if isinstance(node, nodes.Name):
        return (node.name,)
    if isinstance(node, nodes.Getattr):
        owner = _path(node.node)
        return owner and (*owner, node.attr)
    if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
        owner = _path(node.node)
        return owner and (*owner, node.arg.value)
    return None


def _follow(value: Any, path: Path) -> Any:
    for key in path:
        try:
            value = value[key]
        except (LookupError, TypeError):
            return missing
    return value


def _written(path: Path) -> str:
    return "".join(
        f"[{key}]" if isinstance(key, int) else f".{key}" if index else key
        for index, key in enumerate(path)
    )
