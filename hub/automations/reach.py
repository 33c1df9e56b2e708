"""Which paths, as they are written, lead out of the folders that automations may touch."""

from itertools import takewhile
from pathlib import Path

from hub.automations.template_environment import is_template
from hub.config.folders import Folders


class Reach:
    """The folders that automations may touch, and where paths led that were asked about (`_real`).

    Made anew with each reading, as links may change.
    """

    def __init__(self, folders: Folders) -> None:
        self._config = folders.config
        self._allowed = [folder.resolve() for folder in (*folders.allowed, folders.output)]
        self._real: dict[str, Path] = {}

    def excludes(self, written: str) -> bool:
        """Whether every path that is written so lies outside. Relative ones count from the
        configuration folder; of a template the folders count that stand plainly at its beginning.
        """
        if not is_template(written):
            return not self._allows(self._resolved(written))
        plain = "".join(takewhile(lambda letter: letter != "{", written))
        folder, slash, _ = plain.rpartition("/")
        real = self._resolved(folder + slash)
        return not self._allows(real) and not any(
            allowed.is_relative_to(real) for allowed in self._allowed
        )

    def _allows(self, real: Path) -> bool:
        return any(real.is_relative_to(folder) for folder in self._allowed)

    def _resolved(self, written: str) -> Path:
        if written not in self._real:
            self._real[written] = (self._config / written).resolve()
        return self._real[written]
