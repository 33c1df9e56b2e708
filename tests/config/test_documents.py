"""Documents: includes, secrets and environment variables, with places in the right file."""

from pathlib import Path
from typing import Any

import pytest

from hub.config.documents import Documents
from hub.config.elements import plain_value
from hub.config.problems import Problems
from hub.config.reader import Reader
from tests.config.reading import mistakes, write

_PARTS = {
    "parts/b.yaml": "- two",
    "parts/a.yaml": "- one",
    "parts/empty.yaml": "",
    "parts/.hidden.yaml": "- hidden",
    "parts/secrets.yaml": "secret: value",
    "parts/deep/c.yaml": "- three",
    "parts/note.txt": "no YAML",
}
_NAMED = {"parts/a.yaml": "x: 1", "parts/b.yaml": "y: 2"}


def _value(folder: Path, text: str, files: dict[str, str]) -> Any:
    write(folder, {"main.yaml": text, **files})
    return plain_value(Documents(folder).load(folder / "main.yaml"))


@pytest.mark.parametrize(
    ("tag", "files", "value"),
    [
        ("!include parts/a.yaml", _PARTS, ["one"]),
        ("!include parts/empty.yaml", _PARTS, None),
        ("!include_dir_list parts", _PARTS, [["one"], ["two"], ["three"]]),
        ("!include_dir_merge_list parts", _PARTS, ["one", "two", "three"]),
        ("!include_dir_named parts", _NAMED, {"a": {"x": 1}, "b": {"y": 2}}),
        ("!include_dir_merge_named parts", _NAMED, {"x": 1, "y": 2}),
    ],
)
def test_an_include_stands_for_what_the_files_hold(
    tmp_path: Path, tag: str, files: dict[str, str], value: Any
) -> None:
    assert _value(tmp_path, f"here: {tag}", files) == {"here": value}


@pytest.mark.parametrize("tag", ["!include ../b.yaml", "!include_dir_list /etc"])
def test_no_include_leads_out_of_the_configuration_folder(tmp_path: Path, tag: str) -> None:
    (tmp_path / "b.yaml").write_text("5")
    folder = tmp_path / "config"
    folder.mkdir()
    (mistake,) = mistakes(folder, f"a: {tag}", Any)
    assert f"main.yaml:1:4: {tag.split()[1]!r} leads out of the configuration folder" in mistake


def test_an_include_may_follow_a_link_out_of_the_configuration_folder(tmp_path: Path) -> None:
    write(tmp_path, {"b.yaml": "5", "config/main.yaml": "a: !include b.yaml"})
    (tmp_path / "config" / "b.yaml").symlink_to("../b.yaml")
    folder = tmp_path / "config"
    assert plain_value(Documents(folder).load(folder / "main.yaml")) == {"a": 5}


@pytest.mark.parametrize(
    ("text", "files", "mistake"),
    [
        (
            "a: !include b.yaml",
            {"b.yaml": "x: 1\nx: 2"},
            "b.yaml:2:1: the key 'x' is already in line 1",
        ),
        (
            "a: !include sub/b.yaml",
            {"sub/b.yaml": "!include c.yaml", "sub/c.yaml": "x: y: z"},
            "sub/c.yaml:1:5: this is not YAML: mapping values are not allowed in this context",
        ),
        (
            "a: !include authomations.yaml",
            {"automations.yaml": ""},
            (
                "main.yaml:1:4: the file 'authomations.yaml' cannot be read "
                "(No such file or directory) (did you mean 'automations.yaml'?)"
            ),
        ),
        (
            "a: !include b.yaml",
            {"b.yaml": "x: !include main.yaml"},
            "b.yaml:1:4: the file 'main.yaml' includes itself",
        ),
        ("a: !include_dir_list nowhere", {}, "main.yaml:1:4: there is no folder 'nowhere'"),
        ("a: !include_dir_named nowhere", {}, "main.yaml:1:4: there is no folder 'nowhere'"),
        (
            "a: !include_dir_merge_list p",
            {"p/a.yaml": "\nx: 1"},
            "p/a.yaml:2:1: this file must hold a list, not a mapping",
        ),
        (
            "a: !include_dir_merge_named p",
            {"p/a.yaml": "- 1"},
            "p/a.yaml:1:1: this file must hold a mapping, not a list",
        ),
        (
            "a: !include_dir_merge_named p",
            {"p/a.yaml": "x: 1", "p/b.yaml": "\nx: 2"},
            "p/b.yaml:2:1: the key 'x' is already at p/a.yaml:1:1",
        ),
        (
            "a: !env_var HUB_TEST_NOT_SET",
            {},
            "main.yaml:1:4: the environment variable 'HUB_TEST_NOT_SET' is not set",
        ),
        (
            "a: !secret tokn",
            {"secrets.yaml": "token: abc"},
            "main.yaml:1:4: no secrets.yaml holds a secret named 'tokn' (did you mean 'token'?)",
        ),
        ("a: !secret token", {}, "main.yaml:1:4: no secrets.yaml holds a secret named 'token'"),
        (
            "a: !secret token",
            {"secrets.yaml": "token: [1]"},
            "secrets.yaml:1:8: the secret 'token' must be a single value",
        ),
        (
            "a: !secret token",
            {"secrets.yaml": "token: 1\ntoken: 2"},
            "secrets.yaml:2:1: the key 'token' is already in line 1",
        ),
        (
            "[!secret a, !secret b]",
            {"secrets.yaml": "a: 'x"},
            (
                "secrets.yaml:1:6: this is not YAML: found unexpected end of stream while "
                "scanning a quoted scalar that began in line 1"
            ),
        ),
    ],
)
def test_a_mistake_has_its_place_in_its_own_file(
    tmp_path: Path, text: str, files: dict[str, str], mistake: str
) -> None:
    write(tmp_path, files)
    assert mistakes(tmp_path, text, Any) == [mistake]


def test_an_environment_variable_stands_for_its_value(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUB_TEST_PORT", "8200")
    text = "[!env_var HUB_TEST_PORT, !env_var HUB_TEST_NONE a default]"
    assert _value(tmp_path, text, {}) == [8200, "a default"]


def test_the_nearest_secrets_file_wins(tmp_path: Path) -> None:
    files = {
        "secrets.yaml": "near: far\nonly: here",
        "sub/secrets.yaml": "near: near",
        "sub/b.yaml": "[!secret near, !secret only]",
    }
    assert _value(tmp_path, "!include sub/b.yaml", files) == ["near", "here"]


def test_a_secret_is_never_shown(tmp_path: Path) -> None:
    write(tmp_path, {"main.yaml": "a: !secret token", "secrets.yaml": "token: hunter2"})
    problems = Problems()
    documents = Documents(tmp_path)
    Reader(problems).read(documents.load(tmp_path / "main.yaml"), dict[str, int])
    [problem] = problems
    assert str(problem) == "main.yaml:1:4: 'a' must be a whole number, not (secret)"
    assert problem.value == "(secret)"
    assert documents.secret_values == {"hunter2"}
