"""Which paths, as they are written, lead out of the folders that automations may touch."""

import os.path
from itertools import takewhile

from hub.automations.template_environment import is_template
from hub.config.folders import Folders


class Reach:
    """The folders that automations may touch, and where folders led that were asked about
    (`_real`): a thousand automations have most of theirs in common.

    Made anew with each reading, as links may change.
    """

    def __init__(self, folders: Folders) -> None:
        self._config = str(folders.config)
        allowed = (*folders.allowed.paths, folders.output)
        self._allowed = [os.path.realpath(folder) for folder in allowed]
        self._real: dict[str, str] = {}

    def excludes(self, written: str) -> bool:
        """Whether every path that is written so lies outside. Relative ones count from the
        configuration folder; of a template the folders count that stand plainly at its beginning.
        """
        if not is_template(written):
            return not self._allows(self._resolved(written))
        plain = "".join(takewhile(lambda letter: letter != "{", written))
        real = self._folder(os.path.join(self._config, plain[: plain.rfind("/") + 1]))  # noqa: PTH118 - of thousands
        return not self._allows(real) and not any(_is_in(folder, real) for folder in self._allowed)

    def _allows(self, real: str) -> bool:
        return any(_is_in(real, folder) for folder in self._allowed)

    def _resolved(self, written: str) -> str:
        folder, name = os.path.split(os.path.join(self._config, written))  # noqa: PTH118 - as above
        path = os.path.join(self._folder(folder), name)  # noqa: PTH118 - as above
        is_plain = name not in ("", ".", "..") and not os.path.islink(path)  # noqa: PTH114 - as above
        return path if is_plain else os.path.realpath(path)

    def _folder(self, path: str) -> str:
        if path not in self._real:
            self._real[path] = os.path.realpath(path)
        return self._real[path]


def _is_in(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")
