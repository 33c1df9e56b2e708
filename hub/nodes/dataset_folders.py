"""Nodes that read the pictures of a training set from a folder, and write them to one."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hub.nodes.api import IMAGE, STRING, Hidden, Node, NodeOutput, Schema, context, file_choice
from hub.nodes.dataset_lists import NoPairs
from hub.nodes.opening import upright
from hub.nodes.pictures import Images, images_of, pictures_of
from hub.nodes.saving import text_chunks
from hub.nodes.schema import INPUT_FOLDERS
from hub.records.output import OutputFolder

_CATEGORY, _MODULE = "dataset", "comfy_extras.nodes_dataset"
_SUFFIXES = {".png", ".jpg", ".jpeg", ".webp"}
_REPEATS = re.compile(r"(\d+)_")  # what trainers of LoRAs put before the name of a folder


class LoadImageDataSetFromFolder(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="LoadImageDataSetFromFolder",
            display_name="Load Image Dataset from Folder",
            category=_CATEGORY,
            description="Reads all pictures of a folder in the input folder, by name.",
            inputs=(file_choice("folder", INPUT_FOLDERS),),
            outputs=(IMAGE.output("images", is_list=True),),
            is_experimental=True,
            light=True,
            fingerprints_inputs=True,
            module=_MODULE,
        )

    @classmethod
    def execute(cls, folder: str) -> NodeOutput:
        files = sorted(context().input_folder(folder).iterdir())
        return NodeOutput([_image(file) for file in files if _is_picture(file)])

    @classmethod
    def fingerprint_inputs(cls, folder: str) -> list[Any]:
        return _fingerprint(context().input_folder(folder))


class LoadImageTextDataSetFromFolder(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="LoadImageTextDataSetFromFolder",
            display_name="Load Image and Text Dataset from Folder",
            category=_CATEGORY,
            description=(
                "Reads all pictures of a folder in the input folder, each with the text in the "
                "file of the same name, or none. Folders in it whose names begin with a number, as "
                "in `10_cats`, are read so many times."
            ),
            inputs=(file_choice("folder", INPUT_FOLDERS),),
            outputs=(IMAGE.output("images", is_list=True), STRING.output("texts", is_list=True)),
            is_experimental=True,
            light=True,
            fingerprints_inputs=True,
            module=_MODULE,
        )

    @classmethod
    def execute(cls, folder: str) -> NodeOutput:
        files = list(_repeated(context().input_folder(folder)))
        return NodeOutput([_image(file) for file in files], [_text(file) for file in files])

    @classmethod
    def fingerprint_inputs(cls, folder: str) -> list[Any]:
        return _fingerprint(context().input_folder(folder))


class SaveImageDataSetToFolder(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="SaveImageDataSetToFolder",
            display_name="Save Image Dataset to Folder",
            category=_CATEGORY,
            description="Writes images as PNG into a folder of the output folder, numbered from 0.",
            inputs=(
                IMAGE.input("images"),
                STRING.value("folder_name", default="dataset"),
                STRING.value("filename_prefix", default="image"),
            ),
            hidden=(Hidden.PROMPT, Hidden.EXTRA_PNGINFO),
            is_output_node=True,
            is_input_list=True,
            is_experimental=True,
            light=True,
            takes_pictures=True,
            module=_MODULE,
        )

    @classmethod
    def execute(
        cls,
        images: list[Images],
        folder_name: list[str],
        filename_prefix: list[str],
        prompt: list[Any],
        extra_pnginfo: list[Any],
    ) -> NodeOutput:
        place = f"{folder_name[0]}/{filename_prefix[0]}"
        return NodeOutput(ui={"images": _saved(images, place, prompt[0], extra_pnginfo[0])})


class SaveImageTextDataSetToFolder(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="SaveImageTextDataSetToFolder",
            display_name="Save Image and Text Dataset to Folder",
            category=_CATEGORY,
            description="The same, with the text of each image in a file of the same name.",
            inputs=(
                IMAGE.input("images"),
                STRING.value("texts"),
                STRING.value("folder_name", default="dataset"),
                STRING.value("filename_prefix", default="image"),
            ),
            hidden=(Hidden.PROMPT, Hidden.EXTRA_PNGINFO),
            is_output_node=True,
            is_input_list=True,
            is_experimental=True,
            light=True,
            takes_pictures=True,
            module=_MODULE,
        )

    @classmethod
    def execute(
        cls,
        images: list[Images],
        texts: list[str],
        folder_name: list[str],
        filename_prefix: list[str],
        prompt: list[Any],
        extra_pnginfo: list[Any],
    ) -> NodeOutput:
        if len(texts) != len(images):
            raise NoPairs(len(images), len(texts))
        place = f"{folder_name[0]}/{filename_prefix[0]}"
        items = _saved(images, place, prompt[0], extra_pnginfo[0])
        for number, text in enumerate(texts):
            _staged(f"{place}_{number:05}", ".txt").path.write_text(text, "utf-8")
        return NodeOutput(ui={"images": items})


def _fingerprint(folder: Path) -> list[Any]:
    """What tells that something was added, taken away or changed."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return [(str(path), (status := path.stat()).st_size, status.st_mtime_ns) for path in files]


def _saved(images: list[Images], place: str, prompt: Any, extra: Any) -> list[dict[str, str]]:
    text = text_chunks(prompt, extra)
    items = []
    for number, one in enumerate(images):
        picture = next(iter(pictures_of(one)))
        file = _staged(f"{place}_{number:05}", ".png")
        picture.save(file.path, "PNG", pnginfo=text, compress_level=4)
        file.describe(width=picture.width, height=picture.height)
        items.append(file.item())
    return items


def _staged(name: str, suffix: str) -> Any:
    return context().stage(prefix=name, suffix=suffix, folder=OutputFolder.OUTPUT, counted=False)


def _repeated(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.is_dir():
            times = _REPEATS.match(path.name)
            inner = [file for file in sorted(path.iterdir()) if _is_picture(file)]
            yield from inner * (int(times[1]) if times else 1)
        elif _is_picture(path):
            yield path


def _is_picture(path: Path) -> bool:
    return path.is_file() and path.suffix.lower() in _SUFFIXES


def _image(path: Path) -> Images:
    return images_of([upright(path).convert("RGB")])


def _text(path: Path) -> str:
    file = path.with_suffix(".txt")
    return file.read_text("utf-8").strip() if file.is_file() else ""


NODES: tuple[type[Node], ...] = (
    LoadImageDataSetFromFolder,
    LoadImageTextDataSetFromFolder,
    SaveImageDataSetToFolder,
    SaveImageTextDataSetToFolder,
)
