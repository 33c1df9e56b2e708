"""Which file a node's input names, and that it never leads out of the folders for it."""

import re
from collections.abc import Mapping
from pathlib import Path

from hub.config.folders import Folders
from hub.config.model_folders import ModelFolder
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


class ModelMissing(NotFound):
    """There is no such model file."""

    def __init__(self, kind: str, name: str, folders: tuple[str, ...]) -> None:
        places = " or ".join(folders) or "any folder, as there is none for it"
        super().__init__(
            f"There is no file {name!r} of the kind {kind}. "
            f"Put it into {places}, or choose another."
        )


class InputFiles:
    """Finds input files and models by name.

    A name is `<sha256>.<ext>` of the input store, or a path below the input folder; ` [output]`,
    ` [temp]` or ` [input]` behind it selects another root. `kinds` are the folders of models, the
    hub's own unless others are given.
    """

    def __init__(self, folders: Folders, kinds: Mapping[str, ModelFolder] | None = None) -> None:
        self._folders = folders
        self._kinds = folders.model_folders if kinds is None else kinds
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

    def folder(self, name: str) -> Path:
        """A folder below the input folder. Raises `InputLeadsOut` or `InputMissing`."""
        root = self._roots["input"].resolve()
        try:
            path = (root / name).resolve()
            if not path.is_relative_to(root):
                raise InputLeadsOut(name)
            if not path.is_dir():
                raise InputMissing(name)
        except (ValueError, OSError) as error:
            raise InputMissing(name) from error
        return path

    def model_folders(self, kind: str) -> tuple[Path, ...]:
        """Where files of that kind are looked for."""
        return tuple(map(Path, self._kinds.get(kind, ModelFolder(())).folders))

    def model(self, kind: str, name: str) -> Path:
        """A file of models. Raises `ModelMissing`."""
        folder = self._kinds.get(kind, ModelFolder(()))
        path = folder.find(name)
        if path is None:
            raise ModelMissing(kind, name, folder.folders)
        return path
