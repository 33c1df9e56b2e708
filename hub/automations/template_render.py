"""One template and its variables made into a value."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Template, TemplateError

from hub.automations.template_environment import (
    ENVIRONMENT,
    TemplateFailed,
    parse,
    single_expression,
)
from hub.automations.template_rendering import Rendering, current_rendering
from hub.automations.template_values import literal, plain

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
    native: bool,
    now: datetime,
    zone: ZoneInfo,
    output_limit: int,
) -> Any:
    """A text of at most `output_limit` characters, or with `native` the value it stands for.

    Raises `TemplateInvalid` and `TemplateFailed`.
    """
    rendering = Rendering(
        source=source, tree=parse(source), variables=variables, now=now, zone=zone
    )
    token = current_rendering.set(rendering)
    try:
        return _native(rendering, output_limit) if native else _text(rendering, output_limit)
    except _FAILURES as error:
        raise TemplateFailed(source, _sentence(error), _line(error)) from error
    finally:
        current_rendering.reset(token)


def _text(rendering: Rendering, limit: int) -> str:
    parts = []
    length = 0
    for part in _compiled(rendering.source).generate(rendering.variables):
        length += len(part)
        if length > limit:
            raise TemplateFailed(rendering.source, f"it gives more than {limit} characters")
        parts.append(part)
    return "".join(parts)


def _native(rendering: Rendering, limit: int) -> Any:
    expression = single_expression(rendering.source)
    if expression is None:
        return literal(_text(rendering, limit).strip())
    return plain(_compiled_expression(expression)(rendering.variables))


@lru_cache(maxsize=500)
def _compiled(source: str) -> Template:
    return ENVIRONMENT.from_string(source)


@lru_cache(maxsize=500)
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


def _line(error: Exception) -> int | None:
    """The template's line in which it happened: Jinja writes such tracebacks."""
    line = getattr(error, "lineno", None)
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename in ("<template>", "<unknown>"):
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
