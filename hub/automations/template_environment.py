"""The environment in which templates are parsed and rendered: Jinja's sandbox with our names."""

import ast
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import (
    StrictUndefined,
    Template,
    TemplateError,
    TemplateSyntaxError,
    UndefinedError,
    nodes,
)
from jinja2.sandbox import ImmutableSandboxedEnvironment, SecurityError

from hub.automations.template_names import GLOBAL_ONLY, PURE, TESTS, names_at
from hub.errors import Invalid

_IN_PLACE = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Getattr,
    nodes.Getitem,
    nodes.Const,
)


class TemplateInvalid(Invalid):
    """A template cannot be parsed."""

    def __init__(self, source: str, line: int, problem: str) -> None:
        where = f" in line {line}" if "\n" in source.strip() else ""
        super().__init__(f"the template {_short(source)!r} is not valid{where}: {problem}")


class TemplateFailed(Invalid):
    """A template cannot be rendered with what it was given."""

    def __init__(self, source: str, problem: str) -> None:
        super().__init__(f"The template {_short(source)!r} could not be rendered: {problem}.")

    @classmethod
    def saying(cls, sentence: str) -> "TemplateFailed":
        """With a sentence that was written in the template process."""
        failure = cls.__new__(cls)
        Invalid.__init__(failure, sentence)
        return failure


class Environment(ImmutableSandboxedEnvironment):
    """Undefined names are errors; there are no files and no imports."""

    def __init__(self) -> None:
        super().__init__(undefined=StrictUndefined, keep_trailing_newline=True)
        self.filters.update(PURE)
        self.tests.update(TESTS)
        self.globals = {**PURE, **GLOBAL_ONLY}


ENVIRONMENT = Environment()


def is_template(text: str) -> bool:
    """Whether there is anything to render in it."""
    return "{{" in text or "{%" in text or "{#" in text


def check_syntax(source: str) -> None:
    """Raises `TemplateInvalid`."""
    if is_template(source):
        parse(source)


def parse(source: str) -> nodes.Template:
    """The parsed template. Raises `TemplateInvalid`."""
    try:
        parsed = ENVIRONMENT.parse(source)
        ENVIRONMENT.compile(parsed)
    except TemplateSyntaxError as error:
        raise TemplateInvalid(source, error.lineno, error.message or "syntax error") from error
    except TemplateError as error:
        raise TemplateInvalid(source, 1, str(error)) from error
    return parsed


def only_follows_attributes(source: str) -> bool:
    """Whether rendering it is so little work that it needs no process of its own."""
    return all(isinstance(node, _IN_PLACE) for node in _walk(parse(source)))


def render(
    source: str, variables: Mapping[str, Any], *, native: bool, moment: datetime, zone: ZoneInfo
) -> Any:
    """The text of a template, or its native value. Raises `TemplateFailed`, `TemplateInvalid`."""
    parsed = parse(source)
    timed = names_at(moment, zone)
    try:
        if native and (expression := _single_expression(parsed)) is not None:
            return _value(expression, {**timed, **variables})
        template: Template = ENVIRONMENT.from_string(source)
        text = template.render({**timed, **variables})
    except UndefinedError as error:
        raise TemplateFailed(source, _undefined(error, variables)) from error
    except _FAILURES as error:
        raise TemplateFailed(source, str(error).rstrip(".")) from error
    return _literal(text) if native else text


_FAILURES = (
    TemplateError,
    SecurityError,
    ArithmeticError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
)


def _walk(node: nodes.Node) -> list[nodes.Node]:
    found = [node]
    for child in node.iter_child_nodes():
        found.extend(_walk(child))
    return found


def _single_expression(parsed: nodes.Template) -> nodes.Expr | None:
    """The expression of a template that is nothing else, such as `{{ result.outputs }}`."""
    if len(parsed.body) == 1 and isinstance(parsed.body[0], nodes.Output):
        parts = [
            part
            for part in parsed.body[0].nodes
            if not (isinstance(part, nodes.TemplateData) and not part.data.strip())
        ]
        if len(parts) == 1 and not isinstance(parts[0], nodes.TemplateData):
            return parts[0]
    return None


_CAUGHT = "__value__"


def _value(expression: nodes.Expr, variables: dict[str, Any]) -> Any:
    """Evaluate one expression: a template that assigns it to a name, which is then read."""
    assign = nodes.Assign(nodes.Name(_CAUGHT, "store"), expression, lineno=1)
    body = nodes.Template([assign], lineno=1)
    body.set_environment(ENVIRONMENT)
    template = Template.from_code(
        ENVIRONMENT, ENVIRONMENT.compile(body), ENVIRONMENT.make_globals(None)
    )
    value = getattr(template.make_module(variables), _CAUGHT)
    if isinstance(value, StrictUndefined):
        value._fail_with_undefined_error()
    return value


def _literal(text: str) -> Any:
    """As in Home Assistant: what reads like a Python literal becomes one."""
    try:
        return ast.literal_eval(text.strip())
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return text


def _undefined(error: UndefinedError, variables: Mapping[str, Any]) -> str:
    """What is undefined, and what there would have been."""
    text = (error.message or "something is undefined").replace("'dict object'", "it")
    trigger = variables.get("trigger")
    if "has no attribute" in text and isinstance(trigger, Mapping):
        return f"{text}; trigger has {', '.join(sorted(map(str, trigger)))}"
    return f"{text}; there are {', '.join(sorted(variables)) or 'no variables'}"


def _short(source: str) -> str:
    return source if len(source) <= 120 else f"{source[:120]}…"
