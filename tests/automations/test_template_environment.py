"""What a template is, and what is said of texts that are none."""

import pytest

from hub.automations.template_environment import (
    TemplateInvalid,
    check_syntax,
    is_template,
    only_follows,
    single_expression,
)


@pytest.mark.parametrize(
    ("source", "line", "sentence"),
    [
        ("{{ a", 1, "expected 'end of print statement'"),
        ("first\n{% if x %}\nlast", 2, "'endif'"),
        ("{{ a | slugfy }}", 1, "there is no filter 'slugfy', did you mean 'slugify'?"),
        ("\n{{ a is odder }}", 2, "there is no test 'odder', did you mean 'odd'?"),
        ("{{ " + "(" * 5000 + " }}", 1, "nested too deeply"),
    ],
)
def test_says_where_and_why_a_template_cannot_be_read(
    source: str, line: int, sentence: str
) -> None:
    with pytest.raises(TemplateInvalid) as raised:
        check_syntax(source)
    assert sentence in str(raised.value)
    assert raised.value.line == line


def test_reads_without_calculating() -> None:
    check_syntax("{{ 9 ** (9 ** 9) }}")


@pytest.mark.parametrize("text", ["", "plain { text }", "100 %", "a # b"])
def test_a_text_without_marks_is_no_template(text: str) -> None:
    assert not is_template(text)


@pytest.mark.parametrize(
    ("source", "plain"),
    [
        ("{{ trigger.path }}", True),
        ("done/{{ trigger['stem'] }}_{{ files[0].name }}.png", True),
        ("{{ trigger.path | upper }}", False),
        ("{{ trigger.path.upper() }}", False),
        ("{{ a ~ b }}", False),
        ("{{ a[1:] }}", False),
        ("{% if a %}{% endif %}", False),
        ("{{ 'a' * 10 }}", False),
    ],
)
def test_tells_whether_a_template_calculates(source: str, plain: bool) -> None:
    assert only_follows(source) is plain


@pytest.mark.parametrize(
    ("source", "expression"),
    [
        ("{{ a.b }}", " a.b "),
        (" {{- -a -}}\n", " -a "),
        ("{{--a}}", "-a"),
        ("{{ a }} b", None),
        ("{{ a }}{{ b }}", None),
        ("{% set a = 1 %}{{ a }}", None),
        ("{{ a, b }}", None),
    ],
)
def test_finds_the_expression_of_a_template_that_is_nothing_else(
    source: str, expression: str | None
) -> None:
    assert single_expression(source) == expression
