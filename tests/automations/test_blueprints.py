"""Blueprints: filled, and refused with both places that have to do with a mistake."""

import shutil
from pathlib import Path

import pytest

from hub.automations.loading import Configuration, find_problems, read_configuration
from hub.triggers.folder import FolderTrigger

SHIPPED = Path(__file__).parents[2] / "config"
INPUTS = {
    "process_inbox": "{inbox: inbox, result: out}",
    "nightly_series": "{subjects: [a mill], result: out}",
    "image_on_request": "{webhook_id: on-request, token: geheim, result: out}",
    "product_photos": "{inbox: inbox, result: out}",
    "video_frames": "{inbox: inbox, result: out}",
    "run_chain": "{first: photo, result: out}",
}
BLUEPRINT = """\
blueprint:
  name: Inbox
  input:
    place:
      selector: {folder: }
    rest:
      name: Details
      collapsed: true
      input:
        number:
          default: 2
          selector: {number: {min: 1, max: 4}}
        kind:
          default: image
          selector: {select: {options: [image, {value: video, label: Film}]}}
variables: {n: !input number}
triggers:
  - {trigger: folder, path: !input place, media: !input kind}
actions: [{stop: "{{ n }}"}]
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    (tmp_path / "hub.yaml").write_text("folders: {allow: [inbox, out]}\n")
    (tmp_path / "blueprints").mkdir()
    (tmp_path / "blueprints/inbox.yaml").write_text(BLUEPRINT)
    return tmp_path


def use(config: Path, inputs: str, more: str = "", *, path: str = "inbox.yaml") -> Configuration:
    (config / "automations.yaml").write_text(
        f"- id: files\n  use_blueprint:\n    path: {path}\n    input: {inputs}\n{more}"
    )
    return read_configuration(config)


def mistakes(config: Path, inputs: str, more: str = "", *, path: str = "inbox.yaml") -> list[str]:
    return [str(problem) for problem in use(config, inputs, more, path=path).problems]


def test_the_shipped_ones_are_all_tried() -> None:
    files = (SHIPPED / "blueprints").glob("*.yaml")
    assert {file.stem for file in files} == INPUTS.keys()


@pytest.mark.parametrize("name", INPUTS)
def test_each_that_is_shipped_makes_an_automation_without_a_mistake(
    tmp_path: Path, name: str
) -> None:
    for folder in ("workflows", "blueprints"):
        shutil.copytree(SHIPPED / folder, tmp_path / folder)
    (tmp_path / "hub.yaml").write_text("folders: {allow: [inbox, out]}\n")
    read = use(tmp_path, INPUTS[name], path=f"{name}.yaml")
    assert read.problems == ()
    assert [automation.id for automation in read.automations] == ["files"]


@pytest.mark.parametrize("name", INPUTS)
def test_the_example_in_each_that_is_shipped_is_right(tmp_path: Path, name: str) -> None:
    for folder in ("workflows", "blueprints"):
        shutil.copytree(SHIPPED / folder, tmp_path / folder)
    text = (SHIPPED / f"blueprints/{name}.yaml").read_text()
    example = [line.removeprefix("#   ") for line in text.splitlines() if line.startswith("#   ")]
    (tmp_path / "hub.yaml").write_text("folders: {allow: [inbox, out]}\n")
    (tmp_path / "secrets.yaml").write_text("card_token: a-token\n")
    (tmp_path / "automations.yaml").write_text("\n".join(example))
    assert find_problems(tmp_path) == ()
    assert len(read_configuration(tmp_path).automations) == 1


def test_what_is_put_in_stands_in_the_gaps_and_defaults_elsewhere(config: Path) -> None:
    (automation,) = use(config, "{place: inbox, kind: video}").automations
    (trigger,) = automation.triggers
    assert isinstance(trigger, FolderTrigger)
    assert (trigger.path, trigger.media.value) == ("inbox", "video")
    assert automation.variables == {"n": 2}


def test_keys_beside_it_win_over_those_of_the_blueprint(config: Path) -> None:
    beside = "  mode: single\n  variables: {n: 9}\n"
    (automation,) = use(config, "{place: inbox}", beside).automations
    assert (automation.mode.value, automation.variables) == ("single", {"n": 9})


@pytest.mark.parametrize(
    ("inputs", "told"),
    [
        ("{}", "automations.yaml:3:5: the blueprint blueprints/inbox.yaml needs the input 'place'"),
        (
            "{place: inbox, nummer: 3}",
            "automations.yaml:4:35: the blueprint blueprints/inbox.yaml has no input 'nummer'",
        ),
        (
            "{place: inbox, number: 9}",
            "automations.yaml:4:35: the input 'number' must be at most 4, not '9' (put into",
        ),
        (
            "{place: inbox, kind: vidoe}",
            "the input 'kind' must be one of image, video, not 'vidoe' (put into blueprints/",
        ),
        (
            "{place: elsewhere}",
            "'elsewhere' is not among the allowed folders of hub.yaml (put into blueprints/inbox",
        ),
    ],
)
def test_a_mistake_in_what_is_put_in_names_both_places(
    config: Path, inputs: str, told: str
) -> None:
    assert any(told in message for message in mistakes(config, inputs))


def test_a_mistake_in_the_blueprint_names_who_uses_it(config: Path) -> None:
    file = config / "blueprints/inbox.yaml"
    file.write_text(BLUEPRINT + "modus: single\n")
    (told,) = mistakes(config, "{place: inbox}")
    assert told == (
        "blueprints/inbox.yaml:20:1: unknown key 'modus' (used in automations.yaml line 3)"
        " (did you mean 'mode'?)"
    )


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("!input number", "!input numbr", "no input 'numbr' is declared above"),
        ("selector: {folder: }", "selector: {fodler: }", "there is no selector 'fodler'"),
        ("selector: {folder: }", "selector: folder", "a selector names one kind"),
        ("default: 2", "default: 7", "the default must be at most 4"),
        ("min: 1", "minimum: 1", "unknown key 'minimum'"),
        ("name: Inbox", "title: Inbox", "the key 'name' is missing"),
        ('"{{ n }}"', '"{{ !input number }}"', "`!input` cannot stand in a template"),
        ("blueprint:", "blaupause:", "a blueprint begins with `blueprint:`"),
    ],
)
def test_a_mistake_in_the_blueprint_is_told(config: Path, old: str, new: str, told: str) -> None:
    (config / "blueprints/inbox.yaml").write_text(BLUEPRINT.replace(old, new, 1))
    assert any(told in message for message in mistakes(config, "{place: inbox}"))


def test_a_blueprint_that_is_not_there_is_named(config: Path) -> None:
    (told,) = mistakes(config, "{place: inbox}", path="inbx.yaml")
    assert "there is no blueprint 'inbx.yaml' in blueprints/" in told
    assert told.endswith("(did you mean 'inbox.yaml'?)")


def test_an_input_elsewhere_is_refused(config: Path) -> None:
    (config / "automations.yaml").write_text("- id: a\n  alias: !input name\n")
    assert "`!input` belongs into a blueprint" in " ".join(map(str, find_problems(config)))
