"""Packages: what belongs together in one file, as in Home Assistant."""

from pathlib import Path

import pytest

from hub.automations.loading import find_problems, read_configuration

AUTOMATION = """
- id: {id}
  triggers: [{{trigger: startup}}]
  actions: [{{delay: 1}}]
"""


def write(config: Path, **packages: str) -> Path:
    (config / "hub.yaml").write_text(
        "folders: {allow: [inbox]}\ntime_zone: UTC\npackages: !include_dir_named packages\n"
    )
    (config / "automations.yaml").write_text(AUTOMATION.format(id="plain"))
    (config / "packages").mkdir()
    for name, text in packages.items():
        (config / f"packages/{name}.yaml").write_text(text)
    return config


@pytest.mark.parametrize("key", ["automation", "automations"])
def test_settings_and_automations_of_packages_count(tmp_path: Path, key: str) -> None:
    written = AUTOMATION.format(id="mine").replace("\n", "\n  ")
    text = f"folders: {{allow: [photos]}}\nnotify: {{me: 'json://x'}}\n{key}:{written}\n"
    configuration = read_configuration(write(tmp_path, photos=text, nothing=""))
    assert configuration.problems == ()
    assert [each.id for each in configuration.automations] == ["plain", "mine"]
    assert configuration.settings.folders.allow == ["inbox", "photos"]
    assert configuration.settings.notify == {"me": ["json://x"]}
    assert tmp_path / "packages/photos.yaml" in configuration.files


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("time_zone: UTC", "packages/p.yaml:1:1: the key 'time_zone' is already at hub.yaml:2:1"),
        ("time_zon: UTC", "packages/p.yaml:1:1: unknown key 'time_zon' (did you mean 'time_zone'?"),
        ("- a", "packages/p.yaml:1:1: a package is a mapping of settings and `automations`"),
        ("automation: {id: a}", "packages/p.yaml:1:13: the key 'triggers' is missing"),
        ("a: {", "packages/p.yaml:2:1: this is not YAML"),
        (f"automation: {AUTOMATION.format(id='plain')}", "another automation has the id 'plain'"),
    ],
)
def test_mistakes_in_packages_are_told_where_they_are(
    tmp_path: Path, text: str, sentence: str
) -> None:
    told = "\n".join(map(str, find_problems(write(tmp_path, p=text))))
    assert sentence in told


def test_packages_must_be_named(tmp_path: Path) -> None:
    (tmp_path / "hub.yaml").write_text("packages: [a]\n")
    (problem,) = find_problems(tmp_path)
    assert "hub.yaml:1:11: `packages` is a mapping" in str(problem)
