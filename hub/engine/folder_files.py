"""The files that inputs choose from, as the folders are at that moment."""

from collections.abc import Mapping
from pathlib import Path

from hub.config.folders import Folders
from hub.config.model_folders import PACKS, ModelFolder
from hub.engine.input_files import InputFiles
from hub.engine.model_files import ModelFiles
from hub.errors import HubError
from hub.nodes.schema import INPUT_FOLDERS

TINY_AUTOENCODERS = ("taesd", "taesdxl")
"""Chosen like files of the kind `vae`, where `vae_approx` has both halves of one."""

_HALVES = ("encoder", "decoder")


class FolderFiles:
    """Lists the input folder, and the folders of each kind of model.

    `kinds` are those kinds: the hub's own, and what the packs of workers made of them.
    """

    def __init__(self, folders: Folders) -> None:
        self.kinds: dict[str, ModelFolder] = folders.model_folders
        self._input = str(folders.input)
        self._input_files = InputFiles(folders)
        self._model_files = ModelFiles()

    def learn(self, kinds: Mapping[str, ModelFolder]) -> None:
        """Take over which folders the packs of a worker added."""
        self.kinds = {**self.kinds, **kinds}

    def read_models(self) -> None:
        """Read all folders of models, so that whoever asks for a list later need not wait.

        A pack's folders hold no models, and many files.
        """
        for kind in self.kinds.keys() - {PACKS}:
            self.model_names(kind)

    def model_names(self, kind: str) -> list[str]:
        """The files of a kind of model, also those in folders below."""
        folder = self.kinds.get(kind)
        return [] if folder is None else list(self._model_files.names(folder))

    def list_folder(self, folder: str) -> list[str]:
        """What inputs choose from: the input folder's own files, or its folders; or those of a kind
        of model, and autoencoders that are made of two."""
        if folder == INPUT_FOLDERS:
            root = Path(self._input)
            return sorted(path.name for path in root.iterdir() if path.is_dir())
        if folder == "input":
            return self._model_files.directly_in(self._input)
        tiny = filter(self._has_both, TINY_AUTOENCODERS if folder == "vae" else ())
        return [*self.model_names(folder), *tiny]

    def path_of(self, folder: str) -> str | None:
        """The input folder, or the first one for that kind of model."""
        if folder in ("input", INPUT_FOLDERS):
            return self._input
        kind = self.kinds.get(folder)
        return next(iter(kind.folders), None) if kind else None

    def folder_has(self, folder: str, name: str) -> bool:
        """Input files also by hash or with an annotation, which are not listed."""
        if folder not in ("input", INPUT_FOLDERS):
            if folder == "vae" and name in TINY_AUTOENCODERS:
                return self._has_both(name)
            kind = self.kinds.get(folder)
            return kind is not None and kind.has(name)
        try:
            find = self._input_files.path if folder == "input" else self._input_files.folder
            find(name)
        except HubError:
            return False
        return True

    def _has_both(self, name: str) -> bool:
        kind = self.kinds["vae_approx"]
        return all(
            any(kind.find(f"{name}_{half}{ending}") for ending in kind.suffixes) for half in _HALVES
        )
