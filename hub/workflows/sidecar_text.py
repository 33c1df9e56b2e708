"""The file beside a workflow's graph as a text: for an editor, which keeps every comment."""

from pathlib import Path

from hub.config.documents import Documents
from hub.config.problems import Problems
from hub.config.text_files import TextFile, read_text, write_text
from hub.workflows.importing import FOLDER
from hub.workflows.workflow import Workflow
from hub.workflows.workflows import read_sidecar


def sidecar_text(config: Path, workflow: Workflow) -> TextFile:
    """As it is written; one without a text where there is none."""
    return read_text(config, _name(workflow))


def write_sidecar(config: Path, workflow: Workflow, text: str, *, version: str | None) -> TextFile:
    """Replace it by a text that goes with the graph.

    Raises `ConfigurationInvalid` with its mistakes, `ChangedMeanwhile`, `NotWritten`.
    """
    name, problems = _name(workflow), Problems()
    element = Documents(config.absolute()).load_text(text, config.absolute() / name)
    read_sidecar(element, workflow.graph, problems)
    problems.refuse()
    return write_text(config, name, text, version=version)


def _name(workflow: Workflow) -> str:
    return f"{FOLDER}/{workflow.name}.yaml"
