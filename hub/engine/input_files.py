"""Which file a node's input names, and that it never leads out of the folders for it."""

import re
from pathlib import Path

from hub.config.folders import Folders
from hub.errors import Invalid, NotFound

_STORED = re.compile(r"([0-9a-f]{64})\.\w{1,16}")
_ANNOTATION = re.compile(r"(?P<name>.*) \[(?P<root>input|output|temp)\]", re.DOTALL)


class InputLeadsOut(Invalid):
    """A name points outside the folder it is looked up in."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"The input file {name!r} is not inside the input folder. Give a name below it."
        )


class InputMissing(NotFound):
    """There is no such input file."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no input file {name!r}. Upload it, or choose another.")


class InputFiles:
    """Finds input files by name.

    A name is `<sha256>.<ext>` of the input store, or a path below the input folder; ` [output]`,
    ` [temp]` or ` [input]` behind it selects another root.
    """

    def __init__(self, folders: Folders) -> None:
        self._folders = folders
        self._roots = {"input": folders.input, "output": folders.output, "temp": folders.temp}

    def path(self, name: str) -> Path:
        """The file itself. Raises `InputLeadsOut` or `InputMissing`."""
        if stored := _STORED.fullmatch(name):
            path = self._folders.store / stored[1][:2] / name
            if path.is_file():
                return path
        annotated = _ANNOTATION.fullmatch(name)
        root = self._roots[annotated["root"] if annotated else "input"].resolve()
        try:
            path = (root / (annotated["name"] if annotated else name)).resolve()
            if not path.is_relative_to(root):
                raise InputLeadsOut(name)
            if not path.is_file():
                raise InputMissing(name)
        except (ValueError, OSError) as error:  # NUL bytes, names longer than the system allows
            raise InputMissing(name) from error
        return path
