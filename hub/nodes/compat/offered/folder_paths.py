"""Where files lie, and which there are. Packs change `folder_names_and_paths` as they like."""

import os
from pathlib import Path

from hub.engine.input_files import InputFiles
from hub.errors import HubError, Invalid
from hub.nodes.compat.file_lists import FileList
from hub.nodes.compat.installed import installed
from hub.nodes.compat.not_yet import not_yet

__getattr__ = not_yet("folder_paths")

_folders = installed().folders
base_path = str(_folders.config)
models_dir = str(_folders.models)
output_directory = str(_folders.output)
supported_pt_extensions = {
    *(".ckpt", ".pt", ".pt2", ".bin", ".pth", ".safetensors", ".pkl", ".sft"),
}
_KEYS = {
    key: (key,)
    for key in (
        *("checkpoints", "loras", "vae", "vae_approx", "clip_vision", "style_models"),
        *("embeddings", "diffusers", "gligen", "upscale_models", "latent_upscale_models"),
        *("hypernetworks", "photomaker", "model_patches", "audio_encoders"),
    )
} | {
    "text_encoders": ("text_encoders", "clip"),
    "diffusion_models": ("unet", "diffusion_models"),
    "controlnet": ("controlnet", "t2i_adapter"),
}
_OLD_NAMES = {"unet": "diffusion_models", "clip": "text_encoders"}

folder_names_and_paths: dict[str, tuple[list[str], set[str]]] = {
    key: ([str(_folders.models / name) for name in names], set(supported_pt_extensions))
    for key, names in _KEYS.items()
}
folder_names_and_paths["configs"] = ([str(_folders.models / "configs")], {".yaml"})
folder_names_and_paths["classifiers"] = ([str(_folders.models / "classifiers")], {""})
folder_names_and_paths["custom_nodes"] = ([str(folder) for folder in _folders.packs], set())


def get_input_directory() -> str:
    return str(_folders.input)


def get_output_directory() -> str:
    return output_directory


def get_temp_directory() -> str:
    return str(_folders.temp)


def get_user_directory() -> str:
    return str(_folders.data / "user")


def get_folder_paths(folder_name: str) -> list[str]:
    return list(folder_names_and_paths[_key(folder_name)][0])


def add_model_folder_path(
    folder_name: str, full_folder_path: str, is_default: bool = False
) -> None:
    """Search one more folder for a kind of file, before the others if it `is_default`."""
    known = folder_names_and_paths.setdefault(_key(folder_name), ([], set()))
    if full_folder_path not in known[0]:
        known[0].insert(0 if is_default else len(known[0]), full_folder_path)


def get_filename_list(folder_name: str) -> FileList:
    """The files of all folders of that key, sorted, relative to their folder."""
    folders, extensions = folder_names_and_paths[_key(folder_name)]
    names = {name for folder in folders for name in recursive_search(folder)[0]}
    found = sorted(filter_files_extensions(names, extensions))
    is_simple = folders == [str(_folders.models / folder_name)]
    return FileList(found, folder_name if is_simple else None)


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


def filter_files_extensions(files: set[str] | list[str], extensions: set[str]) -> list[str]:
    """Those with one of the extensions; all, if there are none."""
    wanted = {extension for extension in extensions if extension}
    return sorted(name for name in files if not wanted or Path(name).suffix.lower() in wanted)


def get_full_path(folder_name: str, filename: str) -> str | None:
    """The file in the first folder that has it. A name never leads out of its folder."""
    for folder in get_folder_paths(folder_name):
        path = Path(folder, os.path.relpath(f"/{filename}", "/"))
        if path.is_file():
            return str(path)
    return None


def get_full_path_or_raise(folder_name: str, filename: str) -> str:
    path = get_full_path(folder_name, filename)
    if path is None:
        raise FileNotFoundError(f"There is no file {filename!r} in the folder {folder_name!r}.")
    return path


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


def _number(file: str, name: str) -> int:
    digits = file.removeprefix(f"{name}_").split("_")[0] if file.startswith(f"{name}_") else ""
    return int(digits) if digits.isdecimal() else 0


def _key(folder_name: str) -> str:
    return _OLD_NAMES.get(folder_name, folder_name)
