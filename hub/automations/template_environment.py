"""Jinja's sandbox with our names: what a template is, and whether it does any work."""

import re
from collections.abc import Collection, Iterator, Mapping, MutableMapping
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

from jinja2 import TemplateRuntimeError, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

from hub.automations.template_names import CONSTANTS, FILTERS, FUNCTIONS, TESTS
from hub.automations.template_undefined import NamedUndefined
from hub.errors import Invalid

_SHOWN = 60
_MARK = re.compile(r"\{[{%#]")
_BRACES = re.compile(r"^\{\{[-+]?|[-+]?\}\}$")
_EXPRESSION = re.compile(r"(\{\{(?![-+])[^{}\n]*(?<![-+])\}\})")
_METHODS = frozenset(name for name in dir(dict) if not name.startswith("_"))
_PLAIN = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Getattr,
    nodes.Getitem,
    nodes.Const,
)


def _stopped(sentence: str) -> str:
    """With a stop at its end, if it has no mark there."""
    return sentence if sentence.endswith((".", "?", "!")) else f"{sentence}."


class TemplateInvalid(Invalid):
    """A template cannot be read. `line` counts from 1 in the template's own text."""

    def __init__(self, template: str, problem: str, line: int) -> None:
        super().__init__(
            f"The template {_quoted(template)} cannot be read{_at(line)}: {_stopped(problem)}"
        )
        self.line = line


class TemplateFailed(Invalid):
    """A template gave no value. `lies_in_kinds` says that this is not because of what values hold,
    but of what they are: a number is added to a text."""

    def __init__(
        self,
        template: str,
        problem: str,
        line: int | None = None,
        *,
        lies_in_kinds: bool = False,
    ) -> None:
        at = _at(line) if line and "\n" in template.strip() else ""
        super().__init__(f"The template {_quoted(template)} failed{at}: {_stopped(problem)}")
        self.problem = problem
        self.line = line
        self.lies_in_kinds = lies_in_kinds


def shown(value: Any) -> Any:
    """What stands for a value in a text: lists for what is only iterated, and for sets, whose order
    would be another one each time. Functions are refused."""
    if isinstance(value, set):
        return sorted(value, key=repr)
    if isinstance(value, Iterator):
        return list(value)
    if callable(value) and not isinstance(value, NamedUndefined):
        raise TemplateRuntimeError("a function is no value: call it with ()")
    return value


class _KeysFirst(NodeTransformer):
    """`order.items` is the key of that name; the method is only what is `called`."""

    def __init__(self, called: Collection[int]) -> None:
        self._called = called

    def visit_Getattr(self, node: nodes.Getattr) -> nodes.Node:  # noqa: N802 - Jinja's name for it
        self.generic_visit(node)
        if id(node) in self._called or node.attr not in _METHODS:
            return node
        key = nodes.Const(node.attr, lineno=node.lineno)
        return nodes.Getitem(node.node, key, "load", lineno=node.lineno)


class _Environment(ImmutableSandboxedEnvironment):
    """Keys go before methods of the same name, and no template has globals of its own. Jinja would
    put an empty mapping before the common ones, and go through both of them for every rendering."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return self.globals

    def getitem(self, obj: Any, argument: Any) -> Any:
        is_method = isinstance(argument, str) and argument in _METHODS
        if is_method and isinstance(obj, Mapping) and argument not in obj:
            return self.undefined(obj=obj, name=argument)
        return super().getitem(obj, argument)

    def _generate(
        self,
        source: nodes.Template,
        name: str | None,
        filename: str | None,
        defer_init: bool = False,
    ) -> str:
        called = {id(call.node) for call in source.find_all(nodes.Call)}
        return super()._generate(_KeysFirst(called).visit(source), name, filename, defer_init)


def _environment() -> ImmutableSandboxedEnvironment:
    environment = _Environment(
        undefined=NamedUndefined,
        finalize=shown,
        # Without: constants are worked out while compiling, which may take for ever.
        optimized=False,
        extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"],
    )
    del environment.globals["lipsum"]  # a text of chance is no function of its inputs
    environment.globals.update(FUNCTIONS, **FILTERS, **CONSTANTS)
    environment.filters.update(FILTERS)
    environment.tests.update(TESTS)
    return environment


ENVIRONMENT = _environment()


def is_template(text: str) -> bool:
    """Whether there is anything to render."""
    return "{" in text and _MARK.search(text) is not None


@lru_cache(maxsize=10_000)
def check_syntax(source: str) -> None:
    """Raises `TemplateInvalid` for bad syntax, and for a filter or test that does not exist."""
    tree = parse(source)
    for node in tree.find_all((nodes.Filter, nodes.Test)):
        kind, known = ("filter", ENVIRONMENT.filters)
        if isinstance(node, nodes.Test):
            kind, known = ("test", ENVIRONMENT.tests)
        if node.name not in known:
            close = get_close_matches(node.name, known, n=1)
            hint = f", did you mean {close[0]!r}?" if close else ""
            raise TemplateInvalid(source, f"there is no {kind} {node.name!r}{hint}", node.lineno)


@lru_cache(maxsize=10_000)
def parse(source: str) -> nodes.Template:
    """The template's syntax tree. Raises `TemplateInvalid`."""
    try:
        return ENVIRONMENT.parse(source)
    except TemplateSyntaxError as error:
        raise TemplateInvalid(source, str(error.message).rstrip("."), error.lineno) from error
    except RecursionError as error:
        raise TemplateInvalid(source, "it is nested too deeply", 1) from error


@lru_cache(maxsize=10_000)
def only_follows(source: str) -> bool:
    """Whether it calculates nothing and only follows attributes and items of variables."""
    tree = parse(source)
    return all(isinstance(node, _PLAIN) for node in tree.find_all(nodes.Node))


@lru_cache(maxsize=10_000)
def pieces_of(source: str) -> tuple[str, ...]:
    """Texts and expressions in turn, the first and the last being texts, where it is certain
    without Jinja what belongs to which; else nothing. So what many templates have in common is read
    once."""
    pieces = () if "\n" in source else tuple(_EXPRESSION.split(source))
    return pieces if not any("{" in text or "}" in text for text in pieces[::2]) else ()


@lru_cache(maxsize=1000)
def single_expression(source: str) -> str | None:
    """The expression of a template that is nothing but `{{ expression }}`, spaces aside."""
    text = source.strip()
    if pieces_of(text) not in ((), ("", text, "")):
        return None
    body = parse(text).body
    if len(body) != 1 or not isinstance(body[0], nodes.Output) or len(body[0].nodes) != 1:
        return None
    if not text.startswith("{{") or isinstance(body[0].nodes[0], nodes.Tuple | nodes.TemplateData):
        return None
    return _BRACES.sub("", text)


def _quoted(template: str) -> str:
    text = " ".join(template.split())
    return f"'{text if len(text) <= _SHOWN else text[:_SHOWN] + '…'}'"


def _at(line: int) -> str:
    return f" in line {line}"
