"""One file has at most one automation that takes it away."""

from pathlib import Path

from hub.automations.loading import Configuration, read_configuration


def read(folder: Path, *triggers: str) -> Configuration:
    """A configuration with one automation for each trigger, all of which move their files."""
    (folder / "hub.yaml").write_text("folders: {allow: [inbox]}\n")
    automations = [
        f"- id: a{number}\n  triggers: [{{trigger: folder, path: inbox{trigger}}}]\n"
        "  actions: [{action: output.find, data: {}}]\n  after: {success: {move: done}}\n"
        for number, trigger in enumerate(triggers)
    ]
    (folder / "automations.yaml").write_text("".join(automations))
    return read_configuration(folder)


def test_a_second_automation_that_moves_the_same_files_is_refused(tmp_path: Path) -> None:
    configuration = read(tmp_path, "", ", patterns: '*.jpg'")
    assert [automation.id for automation in configuration.automations] == ["a0"]
    (problem,) = configuration.problems
    assert "files that the automation 'a0' takes away, too" in str(problem)
    assert "automations.yaml:8:" in str(problem)


def test_automations_that_move_different_files_get_along(tmp_path: Path) -> None:
    configuration = read(tmp_path, ", patterns: '*.png'", ", patterns: '*.jpg'")
    assert (len(configuration.automations), configuration.problems) == (2, ())
