"""The `retention:` section of hub.yaml, changed in the text of the file."""

from pathlib import Path

import msgspec

from hub.config.documents import Documents
from hub.config.problems import Problems
from hub.config.reader import Reader
from hub.config.settings import FILE, HubSettings, read_settings
from hub.config.text_files import TextFile, write_text
from hub.errors import Invalid


class MoreThanRetention(Invalid):
    """Another section was changed along with it."""

    def __init__(self) -> None:
        super().__init__(f"Only the section `retention:` of {FILE} can be changed here.")


def write_retention(config: Path, text: str, *, version: str | None) -> TextFile:
    """Replace hub.yaml by a text that says another retention, and nothing else besides.

    Raises `ConfigurationInvalid` with its mistakes, `MoreThanRetention`, `ChangedMeanwhile`,
    `NotWritten`.
    """
    before, after = _settings(config), _settings(config, text)
    if msgspec.structs.replace(before, retention=after.retention) != after:
        raise MoreThanRetention
    return write_text(config, FILE, text, version=version)


def _settings(config: Path, text: str | None = None) -> HubSettings:
    problems = Problems()
    settings = read_settings(Documents(config.absolute()), Reader(problems), problems, text)
    problems.refuse()
    return settings
