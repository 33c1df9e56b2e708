"""How the model files are that a node names, so that one which was replaced is loaded anew."""

from hub.engine.graph import GraphNode
from hub.engine.input_files import InputFiles, ModelMissing
from hub.nodes.api import Schema

Stamps = dict[str, list[int]]
"""By input: size in bytes, and when the file was changed in nanoseconds. Models are too large to be
read for that."""


def model_stamps(definition: GraphNode, schema: Schema, files: InputFiles) -> Stamps:
    """Of the files that are there."""
    stamps: Stamps = {}
    for item in schema.file_inputs:
        name = definition["inputs"].get(item.name)
        if item.folder is None or not isinstance(name, str):
            continue
        try:
            found = files.model(item.folder, name).stat()
        except (ModelMissing, OSError):  # an input file, or one that is missing
            continue
        stamps[item.name] = [found.st_size, found.st_mtime_ns]
    return stamps
