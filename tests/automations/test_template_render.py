"""One template made into a text or a value, and what is said when that fails."""

import re
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from hub.automations.template_environment import TemplateFailed
from hub.automations.template_render import Native, render

VARIABLES: dict[str, Any] = {
    "trigger": {"path": "/in/a.png", "stem": "a", "json": None, "files": [{"name": "b"}]},
    "size": 3,
    "number": "5",
}


def rendered(source: str, *, native: Native = False, limit: int = 10_000) -> Any:
    return render(
        source,
        VARIABLES,
        native=native,
        now=datetime(2026, 1, 15, tzinfo=UTC),
        zone=ZoneInfo("UTC"),
        output_limit=limit,
    )


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("{{ size }}", "3"),
        ("{{ trigger.files[0].name }}", "b"),
        ("{{ none }}", "None"),
        ("{% for file in trigger.files %}{{ file.name }};{% endfor %}", "b;"),
        ("{{ [1, 2] | map('string') }}", "['1', '2']"),
        ("{% for n in range(9) %}{% if n == 2 %}{% break %}{% endif %}{{ n }}{% endfor %}", "01"),
    ],
)
def test_gives_a_text(source: str, text: str) -> None:
    assert rendered(source) == text


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("{{ size }}", 3),
        ("{{ number }}", "5"),
        ("\n{{ trigger.files }}\n", [{"name": "b"}]),
        ("{{ size > 2 }}", True),
        ("{{ none }}", None),
        ("{{ (1, 2) }}", [1, 2]),
        ("{{ {1: [2]} }}", {"1": [2]}),
        ("{{ [3, 1] | sort | map('string') }}", ["1", "3"]),
        ("{{ {'a': 1}.items() }}", [["a", 1]]),
        ("{{ timedelta(minutes=90) }}", "1:30:00"),
        ("{% if size %}[{{ size }}, 'x']{% endif %}", [3, "x"]),
        ("{{ size }}{{ size }}", 33),
        ("{{ size }}.5", 3.5),
        ("-{{ size }}", -3),
        ("00{{ size }}", "003"),
        ("1e{{ size }}", "1e3"),
        ("1_00{{ size }}", "1_003"),
        ("{% if size %}True{% endif %}", True),
        ("{% if size %}true{% endif %}", "true"),
        ("{{ size }}, {{ size }}", [3, 3]),
        ("'{{ size }}'", "'3'"),
        ("b'{{ size }}'", "b'3'"),
        ("...{# nothing #}", "..."),
        ("[{{ size }}j]", "[3j]"),
        ("C:\\d{{ size }}", "C:\\d3"),
    ],
)
def test_gives_a_value(source: str, value: Any) -> None:
    result = rendered(source, native=True)
    assert (result, type(result)) == (value, type(value))


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("{{ trigger.files }}", '[{"name": "b"}]'),
        ("{{ ['ä'] | map('upper') }}", '["Ä"]'),
        ("{{ trigger.json }}", None),
        ("{{ number }}", "5"),
        ("{{ trigger.files }}!", "[{'name': 'b'}]!"),
        ("[{{ size }}]", "[3]"),
        (" {{ size }}{{ size }}", " 33"),
    ],
)
def test_gives_what_a_parameter_reads(source: str, value: Any) -> None:
    assert rendered(source, native="parameter") == value


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("{{ o.items[0].sku }}", "A"),
        ("{{ o.inner.items | length }}", 0),
        ("{% for item in o.items %}{{ item.sku }}{% endfor %}", "A"),
        ("{{ o.items() | list | length }}", 2),
        ("{% for key, item in o.inner.items() %}{{ key }}{% endfor %}", "items"),
        ("{{ o.values | default('none') }}", "none"),
        ("{{ o['keys'] is defined }}", False),
        ("{{ o.get('items')[0].get('sku') }}", "A"),
    ],
)
def test_a_key_goes_before_a_method_of_its_name(source: str, value: Any) -> None:
    order = {"items": [{"sku": "A"}], "inner": {"items": []}}
    assert rendered("{% set o = " + str(order) + " %}" + source, native=True) == value


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("{{ trigger.a.b[0].c | default('x') }}", "x"),
        ("{{ trigger.json.a.b | default('x') }}", "x"),
        ("{{ trigger.a['b'].c is defined }}", False),
        ("{{ [{'a': {'b': 1}}, {}] | selectattr('a.b', 'defined') | list | length }}", 1),
    ],
)
def test_all_of_a_path_may_be_missing_where_that_is_expected(source: str, value: Any) -> None:
    assert rendered(source, native=True) == value


def test_a_value_is_a_copy() -> None:
    rendered("{{ trigger }}", native=True)["files"].clear()
    assert VARIABLES["trigger"]["files"] == [{"name": "b"}]


@pytest.mark.parametrize("native", [True, False])
@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        (
            "{{ trigger.pth }}",
            "'trigger.pth' is not defined; trigger has: path, stem, json, files. Did you mean '",
        ),
        ("{{ triger.path }}", "'triger' is not defined; the template has: trigger, size, number."),
        ("{{ trigger['files'][7] }}", "'trigger.files[7]' is not defined: trigger.files is a list"),
        ("{{ trigger.files[0].size }}", "'trigger.files[0].size' is not defined; trigger.files[0]"),
        ("{{ trigger.json.a }}", "'trigger.json.a' is not defined: trigger.json is None"),
        ("{{ trigger.stem.a.b }}", "'trigger.stem.a' is not defined: trigger.stem is a text"),
        ("{{ (size + 1).a }}", "'a' is not defined: it was asked of a number"),
        ("{% do trigger.pth %}{{ trigger.pth }}", "'trigger.pth' is not defined"),
        ("{{ size + 'a' }}", "unsupported operand type(s)"),
        ("{{ size / 0 }}", "division by zero"),
        ("{{ trigger.items }}", "'trigger.items' is not defined; trigger has: path, stem"),
        ("{{ trigger.a.b[0].c }}", "'trigger.a' is not defined; trigger has: path, stem"),
        ("{{ trigger.a.get('b') }}", "'trigger.a' is not defined; trigger has: path, stem"),
        ("{{ trigger.a._b }}", "is unsafe"),
        ("{{ trigger.stem.upper }}", "a function is no value"),
        ("{{ {}['a'].b }}", "'a' is not defined"),
        ("{{ ''.__class__ }}", "access to attribute '__class__'"),
        ("{% include 'a' %}", "no loader"),
        ("{{ trigger.files.append(1) }}", "access to attribute 'append'"),
        ("{{ range(10 ** 9) }}", "Range too big"),
        ("{{ 1e999 * size }}", "name 'inf' is not defined"),
        ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "it calls itself too often"),
        ("{{ [1, 'x'] | map('float') | list }}", "'x' is no number"),
    ],
)
def test_a_failure_is_a_sentence(source: str, sentence: str, native: bool) -> None:
    with pytest.raises(TemplateFailed, match=re.escape(sentence)):
        rendered(source, native=native)


def test_values_that_cannot_be_kept_are_refused() -> None:
    with pytest.raises(TemplateFailed, match="it gives a Namespace"):
        rendered("{{ namespace(a=1) }}", native=True)
    with pytest.raises(TemplateFailed, match="a tuple cannot be the key"):
        rendered("{{ {(1, 2): 3} }}", native=True)


def test_a_failure_names_the_line_of_a_template_of_several() -> None:
    with pytest.raises(TemplateFailed, match="failed in line 2: division by zero") as raised:
        rendered("one {% for n in [1, 0] %}\n{{ 1 / n }}\n{% endfor %}")
    assert raised.value.line == 2


def test_a_long_template_is_quoted_in_short() -> None:
    with pytest.raises(TemplateFailed) as raised:
        rendered("x" * 500 + "{{ nothing }}")
    assert len(str(raised.value)) < 200


def test_stops_while_writing_what_is_too_long() -> None:
    endless = "{% for a in range(99999) %}{% for b in range(99999) %}x{% endfor %}{% endfor %}"
    with pytest.raises(TemplateFailed, match="more than 1000 characters"):
        rendered(endless, limit=1000)


def test_what_may_be_missing_can_have_a_default() -> None:
    assert rendered("{{ trigger.title | default('untitled') }}") == "untitled"
    assert rendered("{{ nothing is defined }}", native=True) is False
