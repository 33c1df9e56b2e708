"""Templates are rendered with sample events when an automation is read."""

import gc
import time
from pathlib import Path

import pytest

from hub.automations.loading import find_problems
from hub.config.positions import Positions

HOOK = "{trigger: webhook, webhook_id: a-long-and-secret-address-of-a-webhook}"
FOLDER = "{trigger: folder, id: inbox, path: inbox}"
NIGHTLY = "{trigger: schedule, id: nightly, cron: '0 3 * * *'}"
GRAPH = """{"1": {"class_type": "EmptyImage", "inputs": {
    "width": 8, "height": 8, "batch_size": 1, "color": 0, "name": "", "style": "", "sharp": 1,
    "photo": "?"}}}"""
SIDECAR = """
parameters:
  width: {node: '1', input: width, type: integer, min: 4}
  name: {node: '1', input: name, type: text}
  style: {node: '1', input: style, type: select, options: [plain, bold]}
  sharp: {node: '1', input: sharp, type: boolean}
  photo: {node: '1', input: photo, type: image}
  photos: {node: '1', input: photo, type: images}
"""


def told(folder: Path, rest: str, *triggers: str, sidecar: str = SIDECAR) -> str:
    """What is said of an automation with these triggers, folder by default."""
    (folder / "workflows").mkdir()
    (folder / "workflows/card.json").write_text(GRAPH)
    (folder / "workflows/card.yaml").write_text(sidecar)
    (folder / "wildcards").mkdir()
    (folder / "wildcards/colours.txt").write_text("red\n")
    (folder / "hub.yaml").write_text("folders: {allow: [inbox, out]}\n")
    head = f"- id: a\n  triggers: [{', '.join(triggers or [FOLDER])}]\n"
    (folder / "automations.yaml").write_text(head + rest)
    return "\n".join(map(str, find_problems(folder)))


def sets(template: str) -> str:
    return f'  actions: [{{variables: {{a: "{template}"}}}}]\n'


def runs(**parameters: str) -> str:
    given = ", ".join(f'{name}: "{value}"' for name, value in parameters.items())
    return (
        f"  actions: [{{action: workflow.run, data: {{workflow: card, parameters: {{{given}}}}}}}]"
    )


@pytest.mark.parametrize(
    ("template", "sentence"),
    [
        ("{{ trigger.wholly_else }}", "'trigger.wholly_else' is not defined"),
        ("{{ trigger.stem.name }}", "'trigger.stem.name' is not defined: trigger.stem is a text"),
        ("{{ trigger.media.length }}", "'trigger.media.length' is not defined"),
        ("{{ trigger.stem + 1 }}", "can only concatenate str"),
        ("{{ trigger.size * 2 + '%' }}", "unsupported operand type(s)"),
        ("{{ trigger.folder | image_size + 1 }}", "unsupported operand type(s)"),
        ("{{ 'colors' | wildcard }}", "there is no list wildcards/colors.txt"),
        ("{% for x in trigger.size %}{{ x }}{% endfor %}", "'int' object is not iterable"),
        ("{{ 'a' * 10 ** 7 }}", "it gives more than 1048576 characters"),
    ],
)
def test_what_fails_whatever_comes_is_told(tmp_path: Path, template: str, sentence: str) -> None:
    problems = told(tmp_path, sets(template))
    assert sentence in problems
    assert "automations.yaml:3:" in problems


@pytest.mark.parametrize(
    "template",
    [
        "{{ trigger.stem.split('_')[1] }}",
        "{{ trigger.stem | int }}",
        "{{ (trigger.stem | regex_findall('x(.)') | first) + 1 }}",
        "{{ as_datetime(trigger.stem).year }}",
        "{{ trigger.media.duration | round(1) }}",
        "{{ trigger.media.exif.Model }}",
        "{{ trigger.path | exif('Model') | upper }}",
        "{{ (trigger.path | image_size).width * 2 }}",
        "{{ 'colours' | wildcard }}",
        "{{ trigger.path | wildcard if false else now().hour }}",
        "{{ 1 / (trigger.stem | length - 6) }}",
        "{{ {'.png': 1}[trigger.suffix] + 1 }}",
        "{{ trigger.wholly_else | default('x') }}",
    ],
)
def test_what_depends_on_what_comes_is_left_to_it(tmp_path: Path, template: str) -> None:
    assert told(tmp_path, sets(template)) == ""


def test_a_batch_has_its_files(tmp_path: Path) -> None:
    batch = "{trigger: folder, path: inbox, batch: {max: 3}}"
    text = sets("{{ trigger.files | map(attribute='path') | join(' ') }}{{ trigger.group }}")
    assert told(tmp_path, text, batch) == ""


def test_a_request_may_hold_anything_and_its_other_facts_are_known(tmp_path: Path) -> None:
    problems = told(tmp_path, sets("{{ trigger.json.a.b + 1 }}{{ trigger.method + 1 }}"), HOOK)
    assert problems == ""  # it cannot be told how far it gets
    (tmp_path / "other").mkdir()
    assert "can only concatenate" in told(
        tmp_path / "other", sets("{{ trigger.method + 1 }}"), HOOK
    )


def test_who_fires_by_hand_may_give_other_names(tmp_path: Path) -> None:
    manual = "{trigger: manual, parameters: {size: {type: integer}}}"
    assert told(tmp_path, sets("{{ trigger.anything + 1 }}"), manual) == ""
    (tmp_path / "other").mkdir()
    wrong = sets("{{ trigger.parameters.size + 'x' }}")
    assert "unsupported operand" in told(tmp_path / "other", wrong, manual)


def test_each_trigger_is_tried_and_named(tmp_path: Path) -> None:
    problems = told(tmp_path, sets("{{ trigger.path }}"), FOLDER, NIGHTLY)
    assert "with an event of the trigger 'nightly' (schedule): The template" in problems
    assert "'trigger.path' is not defined; trigger has: now, scheduled_at" in problems
    assert "inbox" not in problems


@pytest.mark.parametrize(
    "condition",
    [
        "{condition: trigger, id: inbox}",
        "\"{{ trigger.id == 'inbox' }}\"",
        '"{{ trigger.path is defined }}"',
        "{not: \"{{ trigger.platform == 'schedule' }}\"}",
        '{or: [{condition: trigger, id: inbox}, "{{ trigger.missed is not defined }}"]}',
        "{and: [{condition: trigger, id: [inbox, inbox]}, \"{{ trigger.path != '' }}\"]}",
    ],
)
def test_what_a_trigger_never_reaches_is_not_tried_with_it(tmp_path: Path, condition: str) -> None:
    inner = "{variables: {a: '{{ trigger.path }}'}}"
    for number, rest in enumerate(
        [
            f"  conditions: [{condition}]\n  actions: [{inner}]\n",
            f"  actions: [{condition}, {inner}]\n",
            f"  actions: [{{if: [{condition}], then: [{inner}]}}]\n",
            f"  actions: [{{choose: [{{conditions: [{condition}], sequence: [{inner}]}}]}}]\n",
        ]
    ):
        (folder := tmp_path / str(number)).mkdir()
        assert told(folder, rest, FOLDER, NIGHTLY) == ""


@pytest.mark.parametrize(
    "block",
    [
        "{if: '{{ trigger.stem == 1 }}', then: [], else: [%s]}",
        "{choose: [{conditions: '{{ now().hour > 3 }}', sequence: [%s]}]}",
        "{choose: [{conditions: {condition: trigger, id: x}, sequence: []}], default: [%s]}",
        "{repeat: {count: 2, sequence: [%s]}}",
        "{repeat: {for_each: [a, b], sequence: [%s]}}",
        "{parallel: [[{delay: 1}, %s]]}",
        "{sequence: [%s]}",
    ],
)
def test_blocks_are_gone_through(tmp_path: Path, block: str) -> None:
    inner = "{variables: {b: \"{{ trigger.size ~ '' + 1 }}\"}}"
    rest = "  actions:\n    - " + block % inner + "\n"
    assert "can only concatenate str" in told(tmp_path, rest)


def test_variables_are_known_where_they_are_set_for_certain(tmp_path: Path) -> None:
    rest = """  variables: {wide: "{{ trigger.media.width }}", text: "{{ wide ~ '' }}"}
  actions:
    - variables: {half: "{{ wide / 2 }}"}
    - variables: {wrong: "{{ half + text }}"}
    - if: "{{ trigger.stem == 'a' }}"
      then: [{variables: {half: some text}}]
    - variables: {fine: "{{ half + 'x' }}"}
    - {action: output.find, data: {}, response_variable: wide}
    - variables: {fine: "{{ wide + 'x' }}"}
"""
    problems = told(tmp_path, rest)
    assert "unsupported operand type(s) for +: 'float' and 'str'" in problems
    assert "automations.yaml:6:" in problems
    assert problems.count("The template") == 1


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({"width": "{{ trigger.path }}"}, "'width' must be a number"),
        ({"width": "{{ trigger.media.width }} px"}, "must be a number, not '1600 px'"),
        ({"width": "{{ 1 + 2 }}"}, "'width' must be at least 4"),
        ({"style": "{{ 'blod' }}"}, "Did you mean 'bold'?"),
        ({"style": "{{ trigger.platform }}"}, "one of plain, bold, not 'folder'"),
        ({"sharp": "{{ trigger.size }}"}, "must be true or false, not '123456'"),
        ({"photo": "/etc/passwd"}, "'/etc/passwd' is not in the folders"),
        ({"photo": "/etc/{{ trigger.file }}"}, "'/etc/{{ trigger.file }}' is not in the folders"),
    ],
)
def test_values_that_cannot_fit_their_parameters_are_told(
    tmp_path: Path, parameters: dict[str, str], sentence: str
) -> None:
    problems = told(tmp_path, runs(**parameters))
    assert sentence in problems
    assert "automations.yaml:3:" in problems


@pytest.mark.parametrize(
    "parameters",
    [
        {"width": "{{ trigger.stem }}", "sharp": "{{ trigger.stem }}"},
        {"width": "{{ trigger.media.frames }}"},
        {"width": "{{ trigger.inode }}"},
        {"width": "{{ (trigger.path | image_size).width - 1600 }}"},
        {"width": "{{ now().month }}"},
        {"width": "{{ range(100) | random }}"},
        {"photo": "inbox/cat.png"},
        {"photo": "{{ trigger.folder }}/../{{ trigger.file }}"},
        {"style": "{{ trigger.relative_dir }}", "name": "{{ trigger.media }}"},
        {"width": "{{ trigger.stem | length }}"},
        {"width": "{{ trigger.path | length }}", "name": "1e5"},
        {"photos": "{{ [trigger.path, trigger.path] }}", "style": "{{ none }}"},
    ],
)
def test_values_that_may_fit_are_left_to_what_comes(
    tmp_path: Path, parameters: dict[str, str]
) -> None:
    assert told(tmp_path, runs(**parameters)) == ""


@pytest.mark.parametrize("wait", ["wait_template: '{{ 1 }}'", f"wait_for_trigger: [{HOOK}]"])
def test_what_a_wait_gives_is_there_once_a_step_has_waited(tmp_path: Path, wait: str) -> None:
    asks = '{variables: {a: "{{ wait.trigger.json.x }}"}}'
    assert told(tmp_path, f"  actions: [{{{wait}}}, {asks}]\n") == ""
    (tmp_path / "nested").mkdir()
    nested = f"  actions: [{{if: '{{{{ trigger.size > 9 }}}}', then: [{{{wait}}}]}}, {asks}]\n"
    assert told(tmp_path / "nested", nested) == ""
    (tmp_path / "before").mkdir()
    before = told(tmp_path / "before", f"  actions: [{asks}, {{{wait}}}]\n")
    assert "automations.yaml:3:" in before
    assert "nothing that comes before sets 'wait'" in before
    (tmp_path / "never").mkdir()
    assert "only a step that waits sets it" in told(tmp_path / "never", f"  actions: [{asks}]\n")


def test_variables_are_not_there_before_a_step_has_set_them(tmp_path: Path) -> None:
    sets_b = "{variables: {b: 1}, response_variable: c}"
    early = told(tmp_path, f'  actions: [{{variables: {{a: "{{{{ b + 1 }}}}"}}}}, {sets_b}]\n')
    assert "nothing that comes before sets 'b'" in early
    (tmp_path / "other").mkdir()
    asks = '{variables: {a: "{{ b if trigger.size < 0 else 1 }}{{ b | default(2) }}"}}'
    last = '{variables: {d: "{{ b }}{{ c }}"}}'
    assert told(tmp_path / "other", f"  actions: [{asks}, {sets_b}, {last}]\n") == ""


@pytest.mark.parametrize(
    ("block", "after"),
    [
        (
            "{if: '{{ trigger.size > 9 }}', then: [{variables: {b: 1}}]}",
            "nothing that comes before",
        ),
        ("{sequence: [{action: output.find, data: {}, response_variable: b}]}", "ends with it"),
        ("{parallel: [[{variables: {b: 1}}]]}", "sets 'b'; what a block sets first"),
        ("{parallel: [{action: output.find, data: {}, response_variable: b}]}", ""),
    ],
)
def test_variables_end_with_the_block_that_set_them_first(
    tmp_path: Path, block: str, after: str
) -> None:
    last = '{variables: {c: "{{ b }}"}}'
    problems = told(tmp_path, f"  actions: [{block}, {last}]\n")
    assert after in problems
    assert bool(after) is bool(problems)
    (tmp_path / "before").mkdir()
    before = f"  actions: [{{variables: {{b: 0}}}}, {block}, {last}]\n"
    assert told(tmp_path / "before", before) == ""


def test_a_stop_responds_with_nothing_that_ended_with_its_block(tmp_path: Path) -> None:
    block = "{if: '{{ trigger.size > 9 }}', then: [{variables: {b: 1}}]}"
    problems = told(tmp_path, f"  actions: [{block}, {{stop: x, response_variable: b}}]\n")
    assert "There is no variable 'b' to respond with" in problems


def test_sweeps_and_changes_of_attempts_are_tried_too(tmp_path: Path) -> None:
    rest = """  actions:
    - action: workflow.run
      data:
        workflow: card
        matrix: {width: "{{ ['wide', 'wider'] }}"}
        parameters: {style: "{{ 'the' ~ matrix.width }}"}
      retry: {change: {sharp: "{{ attempt }}", width: "{{ parameters.width / 2 }}"}}
"""
    problems = told(tmp_path, rest)
    assert "must be a number, not 'wide'" in problems
    assert "one of plain, bold, not 'thewide'" in problems
    assert "must be true or false, not '2'" in problems


def test_what_a_webhook_answers_is_tried(tmp_path: Path) -> None:
    hook = HOOK[:-1] + ", respond: wait, idempotency: '{{ trigger.method + 1 }}', response: "
    wrong = hook + "{template: '{{ trigger.webhook_id + 1 }}{{ runs[0].id }}'}}"
    assert told(tmp_path, sets("x"), wrong).count("can only concatenate str") == 1
    (tmp_path / "other").mkdir()
    wrong = hook + "{template: '{{ trigger.webhok_id }}'}}"
    assert told(tmp_path / "other", sets("x"), wrong).count("The template") == 2


def test_which_headers_a_request_has_is_left_to_the_event(tmp_path: Path) -> None:
    asked = "trigger.headers['x-github-event'] == 'push'"
    rest = f'  conditions: "{{{{ {asked} }}}}"\n' + sets(
        "{{ trigger.headers['content-type'] + 1 }}"
    )
    assert told(tmp_path, rest, HOOK) == ""


def test_templates_that_never_end_hold_up_no_check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.automations.trial_process.DEADLINE", 0.2)
    endless = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"
    steps = "".join(f"    - variables: {{a: '{{{{ {n} }}}}{endless}'}}\n" for n in range(20))
    begun = time.monotonic()
    problems = told(tmp_path, f"  actions:\n{steps}")
    assert problems.count("it took longer than") == 3
    assert time.monotonic() - begun < 60


def test_nothing_that_was_read_is_left_to_the_garbage_collector(tmp_path: Path) -> None:
    gc.collect()
    gc.disable()
    try:
        before = positions_held()
        assert told(tmp_path, sets("{{ trigger.stem }}")) == ""
        assert positions_held() <= before
    finally:
        gc.enable()


def positions_held() -> int:
    """How many there are of what knows where all is written."""
    return sum(type(each) is Positions for each in gc.get_objects())  # asks nothing of the others
