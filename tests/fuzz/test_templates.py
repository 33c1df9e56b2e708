"""Any text as a template: a value or a `TemplateInvalid`, in a bounded time."""

import contextlib
import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from hub.automations.template_asked import asked_by
from hub.automations.template_environment import (
    TemplateFailed,
    TemplateInvalid,
    check_syntax,
    only_follows,
)
from hub.automations.template_facts import FactNeeded
from hub.automations.template_names import FILTERS
from hub.automations.template_render import render
from tests.fuzz.test_configuration import DETERMINED

WORDS = [
    *("{{ ", " }}", "{% ", " %}", "{# ", " #}", "if ", "endif", "for ", "x in ", "endfor", "set "),
    *("trigger", ".path", "['a']", "()", "(", ")", "[", "]", "{", "}", "|", " | upper", "~", "**"),
    *("'", '"', "1", "1e5", "9" * 40, "-", "is defined", "not ", "and ", "else ", "loop", "macro "),
    *(
        "__class__",
        ".mro()",
        "import ",
        "include 'a'",
        "extends 'a'",
        "raw",
        "endraw",
        "\n",
        "\\",
        "%",
    ),
]


@DETERMINED
@given(st.one_of(st.text(max_size=40), st.lists(st.sampled_from(WORDS), max_size=15).map("".join)))
def test_any_text_is_a_template_or_told_of(source: str) -> None:
    with contextlib.suppress(TemplateInvalid):
        check_syntax(source)
        only_follows(source)


VALUES = [
    *("trigger", "trigger.stem", "trigger.size", "trigger.media", "trigger.files", "trigger.none"),
    *("trigger.media.width", "trigger['a']", "trigger.files[0].path", "trigger.missing.x", "other"),
    *("0", "-1", "1.5", "1e308", "'a'", "'5'", "true", "none", "[]", "{}", "[1, 'a']", "now()"),
]
WAYS = [
    *("{0} + {1}", "{0} - {1}", "{0} / {1}", "{0} ~ {1}", "{0} and {1}", "{0} or {1}", "not {0}"),
    *("{0} in {1}", "{0} == {1}", "{0} < {1}", "-{0}", "{0} if {1} else {0}", "[{0}, {1}]"),
    *("{{'k': {0}}}.k", "{0}[0]", "{0}[-1:]", "{0}[{1}]", "{0}.x", "{0} is defined", "{0} is none"),
    *("{0} is contains({1})", "{0}.items()", "{0}.strftime({1})", "{0}.split({1})", "({0}, {1})"),
    *("{0} is number", "{0}.get({1})", "{0}.upper()", "{0} | default({1}, true)"),
    *(f"{{0}} | {name}" for name in [*FILTERS, "first", "last", "sort", "sum", "length", "list"]),
    *(f"{name}({{0}}, {{1}})" for name in FILTERS),
]
EXPRESSIONS = st.recursive(
    st.sampled_from(VALUES),
    lambda inner: st.builds(
        lambda way, one, other: f"({way.format(one, other)})", st.sampled_from(WAYS), inner, inner
    ),
    max_leaves=6,
)
TEMPLATES = st.one_of(
    EXPRESSIONS.map(lambda written: f"{{{{ {written} }}}}"),
    st.lists(EXPRESSIONS, max_size=3).map(
        lambda several: "a ".join(f"{{{{ {one} }}}}" for one in several)
    ),
    EXPRESSIONS.map(lambda written: f"{{% if {written} %}}\n{{{{ {written} }}}}{{% endif %}}"),
)
TRIGGER = {
    "stem": "a_1",
    "size": 5,
    "media": {"width": 3, "height": None},
    "none": None,
    "files": [{"path": "/x/a.png"}, {"path": "caf\udce9"}],
}


@DETERMINED
@given(TEMPLATES, st.booleans())
def test_any_calm_template_gives_json_or_is_told_of(source: str, native: bool) -> None:
    with contextlib.suppress(TemplateInvalid, TemplateFailed, FactNeeded):
        if asked_by(source).is_calm:
            value = render(
                source,
                {"trigger": TRIGGER},
                native=native,
                now=datetime(2026, 1, 15, 12, tzinfo=UTC),
                zone=ZoneInfo("Europe/Berlin"),
                output_limit=10_000,
            )
            assert native or isinstance(value, str)
            json.dumps(value)


def test_deep_nesting_is_told_of() -> None:
    for source in (
        "{{ " + "(" * 3000,
        "{{ " + "[" * 3000 + "]" * 3000 + " }}",
        "{% if a %}" * 3000,
    ):
        with contextlib.suppress(TemplateInvalid):
            check_syntax(source)
