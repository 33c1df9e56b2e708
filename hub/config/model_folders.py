"""Where model files lie: the folders of each kind, and which of their files count."""

import os
from collections.abc import Iterable
from pathlib import Path

import msgspec

MODELS = (".bin", ".ckpt", ".pkl", ".pt", ".pt2", ".pth", ".safetensors", ".sft")
"""What files of models end in."""

SHIPPED = Path(__file__).parents[1] / "shipped_models"
"""Where the models lie that come along with the hub; below it as below any folder of models."""

PACKS = "custom_nodes"
"""The kind whose folders hold node packs."""

INDEX = "model_index.json"
"""The file by which a folder is known to be a model of its own, as diffusers saves them."""

_BELOW_MODELS = {
    kind: (kind,)
    for kind in (
        *("checkpoints", "configs", "loras", "vae", "text_encoders", "diffusion_models"),
        *("clip_vision", "style_models", "embeddings", "diffusers", "vae_approx", "controlnet"),
        *("gligen", "upscale_models", "latent_upscale_models", PACKS, "hypernetworks"),
        *("photomaker", "classifiers", "model_patches", "audio_encoders"),
    )
} | {
    "text_encoders": ("text_encoders", "clip"),
    "diffusion_models": ("unet", "diffusion_models"),
    "controlnet": ("controlnet", "t2i_adapter"),
    PACKS: (),
}
_BELOW_OUTPUT = {
    "checkpoints": "checkpoints",
    "text_encoders": "clip",
    "vae": "vae",
    "diffusion_models": "diffusion_models",
    "loras": "loras",
}
_OF_FOLDERS = ("folder",)  # as ComfyUI writes that a kind is one of folders, not of files
_SUFFIXES = {"configs": (".yaml",), "diffusers": _OF_FOLDERS, "classifiers": (), PACKS: ()}
_OLD_NAMES = {"unet": "diffusion_models", "clip": "text_encoders"}


class ModelFolder(msgspec.Struct, frozen=True):
    """The folders of one kind of file, searched in this order: the first that has a name wins.

    Only files count that end in one of the `suffixes`, or all, if there are none. In a kind of
    folders the `INDEX` of each counts, and stands for it.
    """

    folders: tuple[str, ...]
    suffixes: tuple[str, ...] = ()

    def find(self, name: str) -> Path | None:
        """The file of that name, or the index of that folder. No `..` in it leads out."""
        inside = os.path.normpath(f"/{name}").lstrip("/")
        paths = (Path(folder, inside, *self._index) for folder in self.folders)
        return next((path for path in paths if os.path.isfile(path)), None)  # noqa: PTH113 - never raises

    def has(self, name: str) -> bool:
        """Whether a list of the files would have that name in it."""
        is_plain = os.path.normpath(f"/{name}") == f"/{name}"
        file = "/".join((name, *self._index))
        return is_plain and self.counts(file) and self.find(name) is not None

    def counts(self, name: str) -> bool:
        """Whether a file of that name is of this kind; hidden ones never are."""
        folder, _, file = name.rpartition("/")
        if self._index:
            return bool(folder) and file == INDEX
        return not file.startswith(".") and (
            not self.suffixes or file.lower().endswith(self.suffixes)
        )

    def listed(self, file: str) -> str:
        """What a file that counts is called in lists."""
        return file.rpartition("/")[0] if self._index else file

    @property
    def _index(self) -> tuple[str, ...]:
        """What stands behind the name of a folder, if it is folders that are chosen."""
        return (INDEX,) if self.suffixes == _OF_FOLDERS else ()


class FurtherFolder(msgspec.Struct, frozen=True):
    """A folder that is searched besides the hub's own, after them or, if it is `first`, before."""

    kind: str
    folder: str
    first: bool = False


def model_folders(
    *, models: Path, output: Path, packs: Iterable[Path], further: Iterable[FurtherFolder]
) -> dict[str, ModelFolder]:
    """Every kind with its folders: below `models`, where nodes that save models put them, further
    ones, and those of the shipped models. A kind that nobody knows takes all files."""
    found: dict[str, list[str]] = {
        kind: [str(models / name) for name in names] for kind, names in _BELOW_MODELS.items()
    }
    for kind, name in _BELOW_OUTPUT.items():
        found[kind].append(str(output / name))
    found[PACKS] += map(str, packs)
    for one in further:
        folders = found.setdefault(one.kind, [])
        if one.folder not in folders:
            folders.insert(0 if one.first else len(folders), one.folder)
    found["checkpoints"].append(str(SHIPPED / "checkpoints"))
    return {
        kind: ModelFolder(
            tuple(folders), _SUFFIXES.get(kind, MODELS if kind in _BELOW_MODELS else ())
        )
        for kind, folders in found.items()
    }


def folders_of_comfyui(root: Path) -> list[FurtherFolder]:
    """The folders below `models` of a ComfyUI, also those that only its packs know."""
    models = root / "models"
    known = [(kind, name) for kind, names in _BELOW_MODELS.items() for name in names]
    names = {name for _, name in known}
    others = sorted(path.name for path in models.glob("[!.]*") if path.is_dir())
    pairs = known + [(name, name) for name in others if name not in names]
    return [FurtherFolder(kind, str(models / name)) for kind, name in pairs]


def present_kind(kind: str) -> str:
    """What a kind is called today; two had another name once."""
    return _OLD_NAMES.get(kind, kind)
