"""What the check doubts, and what it refuses, though each part by itself would do."""

from pathlib import Path

import pytest

from tests.automations.test_dry_run import FOLDER, NIGHTLY, SIDECAR, told

RUN = "  actions: [{action: workflow.run, data: {workflow: card}}]\n"


@pytest.mark.parametrize(
    ("rest", "sentence"),
    [
        (
            "  conditions: [{not: {condition: trigger, id: nihgtly}}]\n",
            "warning: no trigger of this automation has the id 'nihgtly' (did you mean 'nightly'?)",
        ),
        (
            "  conditions: [{condition: media, kind: image}]\n",
            "warning: no trigger of this automation gives a file, so this never holds",
        ),
        (
            "  after: {failure: delete}\n",
            "warning: no trigger of this automation gives a file that could be moved or deleted",
        ),
        (
            "  retry: {change: {widht: [8]}}\n",
            "warning: workflow 'card' has no parameter 'widht' (did you mean 'width'?)",
        ),
    ],
)
def test_what_has_no_effect_is_told(tmp_path: Path, rest: str, sentence: str) -> None:
    assert sentence in told(tmp_path, RUN + rest, NIGHTLY)


@pytest.mark.parametrize(
    "rest",
    [
        "  conditions: [{condition: trigger, id: [inbox, '1']}]\n",
        "  conditions: [{condition: media, kind: image}]\n",
        "  after: {failure: {move: failed}, success: {move: ../out}}\n",
        "  retry: {change: {width: [8], 1.name: x}}\n",
    ],
)
def test_what_has_an_effect_is_no_matter(tmp_path: Path, rest: str) -> None:
    assert told(tmp_path, RUN + rest, FOLDER, NIGHTLY.replace("id: nightly, ", "")) == ""


@pytest.mark.parametrize(
    ("rest", "sentence"),
    [
        ("  after: {success: {move: ../../x}}\n" + RUN, "'../../x', counted from 'inbox', is not"),
        (
            "  actions: [{action: output.save, data: {outputs: r, path: '../x/{{ loop.index }}'}}]",
            "'../x/{{ loop.index }}' is not in the folders that `folders: allow:` lists",
        ),
        ("  actions: [{action: file.copy, data: {path: [out/a, /b], to: out/}}]", "'/b' is not in"),
        ("  actions: [{variables: {a-b: 1}}]", "'variables' names 'a-b', which must be a name"),
        ("  variables: {trigger: 1}\n" + RUN, "as the hub itself sets 'trigger'"),
        ("  actions: [{stop: x, response_variable: y}]", "There is no variable 'y' to respond"),
        ("  actions: [{variables: {a: '{{ repeat.index }}'}}]", "there is no variable 'repeat'"),
        ("  actions: [{repeat: {count: 10001, sequence: []}}]", "`count` must be at least 0"),
        ("  actions: [{repeat: {for_each: 5, sequence: []}}]", "must give a list, not '5'"),
        (
            "  actions: [{repeat: {for_each: '{{ trigger.size }}', sequence: []}}]",
            "must give a list, not '123456'",
        ),
        (RUN.replace("card}", "card, timeout: 0}"), "`timeout` must be more than 0"),
        (RUN.replace("card}", "card, matrix: {width: []}}"), "at least one value for 'width'"),
        ("  priority: 10000000000000000000\n" + RUN, "'priority' must be at most 1000000"),
        ("  conditions: trigger.size > 5\n" + RUN, "must be a template, which stands in {{ }}"),
        ("  conditions: {condition: media}\n" + RUN, "needs something that it asks of the file"),
        (
            "  conditions: {condition: media, min_width: 9, max_width: 8}\n" + RUN,
            "`min_width` is more than `max_width`, so no file fits",
        ),
    ],
)
def test_what_cannot_be_done_is_refused(tmp_path: Path, rest: str, sentence: str) -> None:
    assert sentence in told(tmp_path, rest)


def test_a_parameter_that_each_run_needs_is_missed(tmp_path: Path) -> None:
    sidecar = SIDECAR.replace("type: image}", "type: image, required: true}")
    (first := tmp_path / "first").mkdir()
    assert "workflow 'card' needs photo" in told(first, RUN, sidecar=sidecar)
    given = RUN.replace("card}", "card, parameters: {photo: '{{ trigger.path }}'}}")
    (second := tmp_path / "second").mkdir()
    assert told(second, given, sidecar=sidecar) == ""


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ("idempotency: '{{ trigger.json.id'", "cannot be read in line 1: unexpected end"),
        ("idempotency: '{{ nope }}'", "there is no variable 'nope' here"),
        ("idempotency: my key", "`idempotency` is the name of a header or a template"),
        ("respond: wait, response: {template: '{{ otputs }}'}", "Did you mean 'outputs'?"),
    ],
)
def test_templates_of_a_webhook_are_looked_at(tmp_path: Path, options: str, sentence: str) -> None:
    webhook = f"{{trigger: webhook, webhook_id: long-enough, token: t, {options}}}"
    problems = told(tmp_path, RUN, webhook)
    assert sentence.lower() in problems.lower()


def test_a_workflow_that_nobody_has_never_ends(tmp_path: Path) -> None:
    problems = told(tmp_path, RUN, "{trigger: run_finished, workflow: [card, crad]}")
    assert "warning: there is no workflow 'crad' (did you mean 'card'?)" in problems
