"""The files that inputs choose from, as the folders are at that moment."""

from pathlib import Path

from hub.config.folders import Folders
from hub.engine.input_files import InputFiles
from hub.errors import HubError


class FolderFiles:
    """Lists the input folder, and below `models` the folder of each kind of model."""

    def __init__(self, folders: Folders) -> None:
        self._folders = folders
        self._input_files = InputFiles(folders)

    def list_folder(self, folder: str) -> list[str]:
        """The input folder's own files; for models also those in folders below."""
        if folder == "input":
            return sorted(path.name for path in self._folders.input.glob("*") if path.is_file())
        root = self._folders.models / folder
        return sorted(str(path.relative_to(root)) for path in root.rglob("*") if _is_model(path))

    def folder_has(self, folder: str, name: str) -> bool:
        """Input files also by hash or with an annotation, which are not listed."""
        if folder != "input":
            return name in self.list_folder(folder)
        try:
            self._input_files.path(name)
        except HubError:
            return False
        return True


def _is_model(path: Path) -> bool:
    return path.is_file() and not path.name.startswith(".")
