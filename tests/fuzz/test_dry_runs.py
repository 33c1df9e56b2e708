"""Any template, tried with made-up variables: a value, none that can be told, or what is wrong."""

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.automations.samples import UNKNOWN
from hub.automations.template_environment import TemplateFailed
from hub.automations.trial import Trial
from tests.fuzz.test_configuration import DETERMINED
from tests.fuzz.test_templates import EXPRESSIONS, TEMPLATES, TRIGGER

# These need the template process. None takes long: after a few that do, it is asked no more.
LONGER = EXPRESSIONS.map(lambda it: f"{{% for x in {it} %}}{{{{ x }}}}{{% endfor %}}") | (
    EXPRESSIONS.map(lambda it: f"{{{{ {it} * {it} ** 2 }}}}")
)


@pytest.fixture(scope="module")
def trial() -> Iterator[Trial]:
    with Trial(Path(), ZoneInfo("UTC")) as trial:
        yield trial


@DETERMINED
@given(
    TEMPLATES | LONGER,
    st.dictionaries(st.sampled_from(["stem", "size", "media", "files", "none"]), st.just(UNKNOWN)),
    st.booleans(),
)
def test_any_template_gives_a_value_or_is_unknown_or_told_of(
    trial: Trial, source: str, unknown: dict[str, object], native: bool
) -> None:
    with contextlib.suppress(TemplateFailed):
        value = trial.gives(source, {"trigger": {**TRIGGER, **unknown}}, native=native)
        assert value is UNKNOWN or json.dumps(value)
