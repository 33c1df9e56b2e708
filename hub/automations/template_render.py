"""One template and its variables made into a value."""

import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache, partial
from typing import Any, Literal
from zoneinfo import ZoneInfo

from jinja2 import Template, TemplateError

from hub.automations.template_environment import (
    ENVIRONMENT,
    TemplateFailed,
    TemplateInvalid,
    parse,
    pieces_of,
    single_expression,
)
from hub.automations.template_rendering import Rendering, current_rendering
from hub.automations.template_values import literal, plain

Native = bool | Literal["parameter"]
"""Whether a template gives a value and no text; or what a parameter reads: a text, which is JSON
where one expression gives a list or a mapping, or None where it gives that."""

# What the code of a template can raise. Anything else is an error of ours.
_FAILURES = (
    TemplateError,
    ArithmeticError,
    AttributeError,
    LookupError,
    MemoryError,
    NameError,  # a number too large for a float becomes a name, `inf`, in Jinja's code
    RuntimeError,
    TypeError,
    ValueError,
    re.error,
)


def render(
    source: str,
    variables: Mapping[str, Any],
    *,
    native: Native,
    now: datetime,
    zone: ZoneInfo,
    output_limit: int,
    facts: Mapping[str, Any] | None = None,
) -> Any:
    """A text of at most `output_limit` characters, or as `native` says the value it stands for.

    Raises `TemplateInvalid`, `TemplateFailed`, and `FactNeeded` for one that is not in `facts`.
    """
    rendering = Rendering(
        source=source,
        tree=partial(parse, source),
        variables=variables,
        now=now,
        zone=zone,
        facts=facts or {},
    )
    token = current_rendering.set(rendering)
    try:
        return _value(rendering, native, output_limit)
    except _FAILURES as error:
        raise TemplateFailed(
            source, _sentence(error), _line(error), lies_in_kinds=_lies_in_kinds(error)
        ) from error
    finally:
        current_rendering.reset(token)


def _value(rendering: Rendering, native: Native, limit: int) -> Any:
    expression = single_expression(rendering.source) if native else None
    if expression is None:
        text = _text(rendering, limit)
        return literal(text.strip()) if native is True else text
    value = _of_expression(expression, rendering, limit)
    is_json = native == "parameter" and isinstance(value, dict | list)
    return json.dumps(value, ensure_ascii=False) if is_json else value


def _text(rendering: Rendering, limit: int) -> str:
    parts = []
    length = 0
    for piece in _parts(rendering.source):
        given = [piece] if isinstance(piece, str) else piece.generate(rendering.variables)
        for part in given:
            length += len(part)
            if length > limit:
                raise _too_long(rendering, limit)
            parts.append(part)
    return "".join(parts)


def _of_expression(expression: str, rendering: Rendering, limit: int) -> Any:
    value = plain(_compiled_expression(expression)(rendering.variables))
    if isinstance(value, str) and len(value) > limit:
        raise _too_long(rendering, limit)
    return value


def _too_long(rendering: Rendering, limit: int) -> TemplateFailed:
    problem = f"it gives more than {limit} characters"
    return TemplateFailed(rendering.source, problem, lies_in_kinds=True)


@lru_cache(maxsize=10_000)
def _parts(source: str) -> tuple[str | Template, ...]:
    """Texts and what stands between them. Compiling takes longest, and many templates differ in
    nothing but their texts; those of several lines are left whole, so that lines can be told."""
    try:
        pieces = pieces_of(source)
        if pieces:
            return tuple(
                _compiled(piece) if index % 2 else piece for index, piece in enumerate(pieces)
            )
    except (TemplateError, TemplateInvalid):  # told of the whole
        pass
    return (ENVIRONMENT.from_string(parse(source)),)


@lru_cache(maxsize=2000)
def _compiled(expression: str) -> Template:
    return ENVIRONMENT.from_string(parse(expression))


@lru_cache(maxsize=2000)
def _compiled_expression(expression: str) -> Callable[..., Any]:
    return ENVIRONMENT.compile_expression(expression, undefined_to_none=False)


def _sentence(error: Exception) -> str:
    if isinstance(error, MemoryError):
        return "it needs too much memory"
    if isinstance(error, RecursionError):
        return "it calls itself too often"
    if isinstance(error, KeyError):
        return f"there is no key {error}"
    return str(error) or type(error).__name__


def _lies_in_kinds(error: Exception) -> bool:
    """None is what filters give for texts that they make nothing of: it lies in what those hold."""
    return isinstance(error, TypeError) and "NoneType" not in str(error)


def _line(error: Exception) -> int | None:
    """The template's line in which it happened: Jinja writes such tracebacks."""
    line = getattr(error, "lineno", None)
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename in ("<template>", "<unknown>"):
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
