"""Where files lie, and which there are. Packs change `folder_names_and_paths` as they like."""

import mimetypes
import os
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from hub.config.model_folders import MODELS, PACKS, ModelFolder, present_kind
from hub.engine.input_files import InputFiles
from hub.engine.model_files import ModelFiles
from hub.errors import HubError, Invalid
from hub.nodes.compat.file_lists import FileList
from hub.nodes.compat.installed import installed, understood
from hub.nodes.compat.not_yet import not_yet

__getattr__ = not_yet("folder_paths")

_folders = installed().folders
_model_files = ModelFiles()
folder_names_and_paths = installed().model_folders
supported_pt_extensions = set(MODELS)
base_path = str(_folders.config)
models_dir = str(_folders.models)
input_directory = str(_folders.input)
output_directory = str(_folders.output)
temp_directory = str(_folders.temp)
user_directory = str(_folders.data / "user")
extension_mimetypes_cache = {"webp": "image", "fbx": "model"}
filename_list_cache: dict[str, Any] = {}


def get_input_directory() -> str:
    return input_directory


def get_output_directory() -> str:
    return output_directory


def get_temp_directory() -> str:
    return temp_directory


def get_user_directory() -> str:
    return user_directory


def set_output_directory(output_dir: str) -> None:
    """Only for packs that ask for it afterwards; the hub publishes where it always does."""
    global output_directory  # noqa: PLW0603 - packs read it here
    output_directory = output_dir


def get_directory_by_type(type_name: str) -> str | None:
    known = {"input": input_directory, "output": output_directory, "temp": temp_directory}
    return known.get(type_name)


def get_folder_paths(folder_name: str) -> list[str]:
    return list(folder_names_and_paths[present_kind(folder_name)][0])


def get_input_subfolders() -> list[str]:
    """All folders below the input folder, sorted, relative to it."""
    root = Path(input_directory)
    return sorted(
        str(Path(folder, name).relative_to(root))
        for folder, below, _ in os.walk(root)
        for name in below
    )


def add_model_folder_path(
    folder_name: str, full_folder_path: str, is_default: bool = False
) -> None:
    """Search one more folder for a kind of file, before the others if it `is_default`."""
    known = folder_names_and_paths.setdefault(present_kind(folder_name), ([], set()))
    if full_folder_path not in known[0]:
        known[0].insert(0 if is_default else len(known[0]), full_folder_path)


def get_filename_list(folder_name: str) -> FileList:
    """The files of all folders of that key, sorted, relative to their folder."""
    key = present_kind(folder_name)
    kind = understood(folder_names_and_paths[key]) or ModelFolder(())
    return FileList(list(_model_files.names(kind)), None if key == PACKS else key)


def recursive_search(
    directory: str, excluded_dir_names: list[str] | None = None
) -> tuple[list[str], dict[str, float]]:
    """All files below a folder, and when each of the folders was changed."""
    excluded = {*(excluded_dir_names or ()), ".git"}
    files: list[str] = []
    times: dict[str, float] = {}
    for folder, below, names in os.walk(directory, followlinks=True):
        below[:] = [name for name in below if name not in excluded]
        times[folder] = Path(folder).stat().st_mtime
        files += [os.path.relpath(os.path.join(folder, name), directory) for name in names]  # noqa: PTH118
    return files, times


def filter_files_extensions(files: Iterable[str], extensions: Iterable[str]) -> list[str]:
    """Those with one of the extensions; all, if there are none."""
    wanted = {extension for extension in extensions if extension}
    return sorted(name for name in files if not wanted or Path(name).suffix.lower() in wanted)


def filter_files_content_types(files: Iterable[str], content_types: Iterable[str]) -> list[str]:
    """Those that are an `image`, `video`, `audio` or `model`, by their names."""
    wanted = set(content_types)
    return [name for name in files if _content_type(name) in wanted]


def get_full_path(folder_name: str, filename: str) -> str | None:
    """The file in the first folder that has it. A name never leads out of its folder."""
    path = ModelFolder(tuple(get_folder_paths(folder_name))).find(filename)
    return None if path is None else str(path)


def get_full_path_or_raise(folder_name: str, filename: str) -> str:
    path = get_full_path(folder_name, filename)
    if path is None:
        raise FileNotFoundError(f"There is no file {filename!r} in the folder {folder_name!r}.")
    return path


def annotated_filepath(name: str) -> tuple[str, str | None]:
    """A name without its ` [output]`, ` [input]` or ` [temp]`, and the folder that it means."""
    for kind in ("output", "input", "temp"):
        if name.endswith(f"[{kind}]"):
            return name.removesuffix(f"[{kind}]").rstrip(), get_directory_by_type(kind)
    return name, None


def get_annotated_filepath(name: str, default_dir: str | None = None) -> str:
    """The file that an input names; our input store's names are understood too."""
    return str(InputFiles(_folders).path(name))


def exists_annotated_filepath(name: str) -> bool:
    try:
        get_annotated_filepath(name)
    except HubError:
        return False
    return True


def get_save_image_path(
    filename_prefix: str, output_dir: str, image_width: int = 0, image_height: int = 0
) -> tuple[str, str, int, str, str]:
    """Folder, name, next free number, folder below the output folder, and the prefix."""
    from hub.nodes.naming import filled_prefix  # packs call this late, scripts import this early

    prefix = filled_prefix(filename_prefix, width=image_width, height=image_height, number=0)
    subfolder, name = os.path.split(os.path.normpath(prefix))
    folder = Path(output_dir, subfolder)
    if not folder.resolve().is_relative_to(Path(output_dir).resolve()):
        raise Invalid(f"The file name prefix {prefix!r} leads out of the folder {output_dir}.")
    folder.mkdir(parents=True, exist_ok=True)
    numbers = (_number(path.name, name) for path in folder.iterdir())
    return str(folder), name, max(numbers, default=0) + 1, subfolder, prefix


class CacheHelper:
    """Lists are remembered as long as they hold, with or without this; so it only looks right."""

    active = False

    def get(self, key: str, default: Any = None) -> Any:
        return default

    def set(self, key: str, value: Any) -> None:
        """Nothing is kept."""

    def clear(self) -> None:
        """Nothing was kept."""

    def __enter__(self) -> Self:
        self.active = True
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.active = False


cache_helper = CacheHelper()


def _number(file: str, name: str) -> int:
    digits = file.removeprefix(f"{name}_").split("_")[0] if file.startswith(f"{name}_") else ""
    return int(digits) if digits.isdecimal() else 0


def _content_type(name: str) -> str | None:
    known = extension_mimetypes_cache.get(name.rpartition(".")[2].lower())
    return known or (mimetypes.guess_type(name)[0] or "").partition("/")[0] or None
