"""Writes the built-in catalogue: `python -m hub.engine.worker.catalogue`."""

import msgspec

from hub.engine.catalogue import BUILTIN
from hub.engine.worker.node_classes import load_node_classes


def builtin_catalogue() -> bytes:
    """The schemas of all built-in nodes as they are declared now."""
    schemas = [loaded.schema for loaded in load_node_classes().values()]
    schemas.sort(key=lambda schema: schema.class_type)
    return msgspec.json.format(msgspec.json.encode(schemas)) + b"\n"


if __name__ == "__main__":
    BUILTIN.write_bytes(builtin_catalogue())
