"""What a template asks for, told from its text alone: names, and the paths that it follows."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from jinja2 import meta, nodes

from hub.automations.template_environment import TemplateInvalid, check_syntax, parse, pieces_of
from hub.automations.template_names import FILTERS, FUNCTIONS

Path = tuple[str | int, ...]

_GUARDS = {"default", "d", "is_defined", "defined", "undefined"}
_IS_THERE = {"defined", "undefined"}

# Of each of these the work and the result are bounded by what goes in.
_CALM_NODES = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.Const, nodes.Name, nodes.Getattr),
    *(nodes.Getitem, nodes.Compare, nodes.Operand, nodes.Not, nodes.And, nodes.Or, nodes.CondExpr),
    *(nodes.Add, nodes.Sub, nodes.Div, nodes.Neg, nodes.Concat, nodes.If),
    *(nodes.List, nodes.Tuple, nodes.Dict, nodes.Pair, nodes.Keyword),
)
_CALM_FILTERS = {
    *(name for name in FILTERS if not name.startswith("regex_")),
    *("default", "d", "first", "last", "length", "count", "lower", "upper", "title", "trim"),
    *("abs", "list", "string", "capitalize", "reverse", "sort", "unique", "sum"),
}
_CALM_TESTS = {
    *("defined", "undefined", "none", "in", "contains", "even", "odd", "string", "string_like"),
    *("number", "is_number", "list", "set", "datetime"),
}
_CALM_METHODS = {
    *("strftime", "isoformat", "date", "time", "timestamp", "weekday", "isoweekday"),
    *("lower", "upper", "title", "strip", "lstrip", "rstrip", "split", "startswith", "endswith"),
    *("get", "items", "keys", "values"),
}
_CALM_FUNCTIONS = {*FUNCTIONS, *_CALM_FILTERS} - {"zip"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What one template asks for.

    `names` are variables that it does not set itself, `guarded` names that it expects to be missing
    now and then. `paths` are where it looks in the variables, as far as that is written plainly;
    `weighed` those of them whose values count, and not only whether they are there. One that is
    `calm` cannot take long, or much memory. A `plain` one calls no function.
    """

    names: frozenset[str]
    guarded: frozenset[str]
    paths: frozenset[Path]
    weighed: frozenset[Path]
    is_calm: bool
    is_plain: bool

    @property
    def of_trigger(self) -> set[str]:
        """The names that follow `trigger.`, also as `trigger['name']`."""
        return {str(path[1]) for path in self.paths if path[0] == "trigger" and len(path) > 1}


@lru_cache(maxsize=10_000)
def asked_by(source: str) -> Asked:
    """Raises `TemplateInvalid`."""
    if len(expressions := pieces_of(source)[1::2]) and expressions != (source,):
        try:
            return _together([asked_by(expression) for expression in expressions])
        except TemplateInvalid:  # told of the whole
            pass
    return _asked_by_all(source)


def _together(members: list[Asked]) -> Asked:
    """Expressions set no names, so none of them changes what another one asks for."""
    return Asked(
        names=frozenset().union(*(asked.names for asked in members)),
        guarded=frozenset().union(*(asked.guarded for asked in members)),
        paths=frozenset().union(*(asked.paths for asked in members)),
        weighed=frozenset().union(*(asked.weighed for asked in members)),
        is_calm=all(asked.is_calm for asked in members),
        is_plain=all(asked.is_plain for asked in members),
    )


def _asked_by_all(source: str) -> Asked:
    check_syntax(source)
    tree = parse(source)
    found = list(tree.find_all(nodes.Node))
    own = {node.name for node in found if isinstance(node, nodes.Name) and node.ctx != "load"}
    # Whoever sets names may use them before as well; Jinja knows the rules, and takes its time.
    names = meta.find_undeclared_variables(tree) if own else _names(found)
    followed = set(_paths(tree))
    return Asked(
        names=frozenset(names),
        guarded=frozenset(_guarded(found)),
        paths=frozenset(path for path, _ in followed if path[0] not in own),
        weighed=frozenset(path for path, is_weighed in followed if is_weighed),
        is_calm=all(map(_is_calm, found)),
        is_plain=not any(isinstance(node, nodes.Call) for node in found),
    )


def _names(found: list[nodes.Node]) -> set[str]:
    return {node.name for node in found if isinstance(node, nodes.Name)}


def _guarded(found: list[nodes.Node]) -> Iterator[str]:
    for guard in found:
        if isinstance(guard, nodes.Filter | nodes.Test) and guard.name in _GUARDS:
            yield from (name.name for name in guard.find_all(nodes.Name))
            yield from (attribute.attr for attribute in guard.find_all(nodes.Getattr))


def _paths(node: nodes.Node, *, weighed: bool = True) -> Iterator[tuple[Path, bool]]:
    """Each as long as it goes, with whether its value counts."""
    if path := _path(node):
        yield path, weighed
        return
    if isinstance(node, nodes.Test) and node.name in _IS_THERE:
        weighed = False
    for child in node.iter_child_nodes():
        yield from _paths(child, weighed=weighed)


def _path(node: nodes.Node) -> Path | None:
    match node:
        case nodes.Name(name=str(name), ctx="load"):
            return (name,)
        case nodes.Getattr(node=inner, attr=str(key)):
            owner = _path(inner)
        case nodes.Getitem(node=inner, arg=nodes.Const(value=str() | int() as key)):
            owner = _path(inner)
        case _:
            return None
    return owner and (*owner, key)


def _is_calm(node: nodes.Node) -> bool:
    match node:
        case nodes.Filter(name=str(name)):
            return name in _CALM_FILTERS
        case nodes.Test(name=str(name)):
            return name in _CALM_TESTS
        case nodes.Call(node=nodes.Name(name=str(name))):
            return name in _CALM_FUNCTIONS
        case nodes.Call(node=nodes.Getattr(attr=str(name))):
            return name in _CALM_METHODS
    return isinstance(node, _CALM_NODES)
