"""Any bytes as configuration: every mistake is told with its place, and nothing else happens."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.automations.loading import find_problems

SOUND = """
- id: photos
  mode: queued
  retention: {runs: {age: 7d, count: 5}}
  variables: {style: "{{ trigger.id }}"}
  triggers:
    - {trigger: folder, path: inbox, patterns: ["*.jpg"], settle: 2s}
    - {trigger: schedule, cron: "30 2 * * mon-fri"}
    - {trigger: webhook, webhook_id: a-long-and-secret-address-of-a-webhook}
  conditions:
    - "{{ trigger.id == 'a' }}"
    - {condition: time, after: "22:00", weekday: [mon, tue]}
  actions:
    - delay: {minutes: 5}
    - choose: [{conditions: "{{ true }}", sequence: [{stop: enough}]}]
    - repeat: {count: 3, sequence: [{variables: {a: 1}}]}
    - action: output.find
      data: {since: 1h}
"""
PIECES = [
    *(
        "&a ",
        "*a",
        "<<: *a",
        "!secret x",
        "!include automations.yaml",
        "!env_var",
        "!input a",
        "!!",
    ),
    *("- ", ": ", "? ", "| ", "> ", "{", "}", "[", "]", "'", '"', "#", "\n", "\n  ", "\t", ","),
    *("{{", "}}", "{%", "%}", "null", "~", ".inf", "-1", "1e999", "9" * 30, "0x", "24:61", "-5s"),
    *("id", "triggers", "actions", "choose", "repeat", "count", "mode", "retention", "age", "\x00"),
    *("\ud83d".encode("utf-8", "surrogatepass").decode("utf-8", "replace"), "é", "\ufeff", "---"),
]
DETERMINED = settings(
    derandomize=True,
    max_examples=150,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


@st.composite
def mutilated(draw: st.DrawFn) -> str:
    """The sound text with some pieces cut out, doubled, or replaced by others."""
    text = SOUND
    for _ in range(draw(st.integers(1, 4))):
        begin = draw(st.integers(0, len(text)))
        end = min(len(text), begin + draw(st.integers(0, 12)))
        middle = draw(st.sampled_from([*PIECES, "", text[begin:end] * 2]))
        text = text[:begin] + middle + text[end:]
    return text


def assert_told(content: bytes, name: str) -> None:
    """Reading it comes to an end, with problems that name a place."""
    with TemporaryDirectory() as folder:
        config = Path(folder)
        (config / "hub.yaml").write_text("folders: {allow: [inbox]}\n")
        (config / name).parent.mkdir(exist_ok=True)
        (config / name).write_bytes(content)
        for problem in find_problems(config):
            assert problem.line >= 1, problem
            assert problem.message.strip(), problem
            assert "Traceback" not in str(problem)
            assert "object at 0x" not in str(problem)


@DETERMINED
@given(mutilated())
def test_a_mutilated_file_of_automations_is_told_of(text: str) -> None:
    assert_told(text.encode("utf-8", "surrogateescape"), "automations.yaml")


@DETERMINED
@given(st.one_of(st.binary(max_size=60), st.lists(st.sampled_from(PIECES)).map("".join)))
@pytest.mark.parametrize("name", ["automations.yaml", "hub.yaml", "workflows/a.yaml"])
def test_any_bytes_are_told_of(name: str, content: bytes | str) -> None:
    data = content if isinstance(content, bytes) else content.encode("utf-8", "surrogateescape")
    assert_told(data, name)


@DETERMINED
@given(
    st.one_of(
        st.binary(max_size=60),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(
                    st.sampled_from(["1", "class_type", "inputs", "nodes", ""]), inner, max_size=3
                )
            ),
            max_leaves=10,
        ),
    )
)
def test_any_graph_file_is_told_of(content: object) -> None:
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    assert_told(data, "workflows/a.json")
