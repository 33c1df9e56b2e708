"""The workflows in `config/` are sound, apart from the files that people bring."""

from pathlib import Path

import pytest

from hub.config.documents import Documents
from hub.config.problems import Problems
from hub.engine.catalogue import Catalogue
from hub.engine.findings import find_faults
from hub.workflows.workflow import Workflow
from hub.workflows.workflows import Workflows

CONFIG = Path(__file__).parents[2] / "config"


class NoFiles:
    """Neither pictures nor models."""

    def list_folder(self, folder: str) -> list[str]:
        return []

    def folder_has(self, folder: str, name: str) -> bool:
        return False

    def path_of(self, folder: str) -> None:
        """Nowhere."""


def shipped() -> list[Workflow]:
    problems = Problems()
    found = list(Workflows.load(Documents(CONFIG), problems))
    assert not len(problems)
    return found


@pytest.mark.parametrize("workflow", shipped(), ids=lambda workflow: workflow.name)
def test_a_shipped_workflow_lacks_nothing_but_files(workflow: Workflow) -> None:
    faults = find_faults(workflow.graph, Catalogue.builtin(NoFiles()))
    assert {finding.type for finding in faults.findings} <= {"missing_file"}
    assert workflow.title
    assert all(parameter.label for parameter in workflow.parameters.values())
