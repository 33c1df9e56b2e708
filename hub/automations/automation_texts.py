"""The files of automations as texts: for an editor, which keeps every comment as it was written."""

import re
from pathlib import Path

from hub.automations.automation_files import FILE, automation_files
from hub.config.text_files import TextFile, read_text
from hub.errors import Invalid

_NAME = re.compile(r"automations(/[A-Za-z0-9_][A-Za-z0-9_.-]*)*\.yaml")


class NoAutomationFile(Invalid):
    """No automations are read from a file of that name."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"Automations are kept in {FILE} or in automations/….yaml, not in {name[:100]!r}."
        )


def read_texts(config: Path) -> list[TextFile]:
    """All files, `automations.yaml` among them even where it is yet to be made."""
    names = [path.relative_to(config).as_posix() for path in automation_files(config)]
    if FILE not in names:
        names.insert(0, FILE)
    return [read_text(config, name) for name in names]


def path_of(config: Path, name: str) -> Path:
    """Where the file lies. Raises `NoAutomationFile` for a name that leads elsewhere."""
    if not _NAME.fullmatch(name) or ".." in name:
        raise NoAutomationFile(name)
    return config / name
