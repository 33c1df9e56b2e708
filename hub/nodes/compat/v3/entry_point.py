"""Asks a pack's `comfy_entrypoint` for its node classes."""

import asyncio
from inspect import isawaitable
from types import ModuleType
from typing import Any

from hub.engine.worker.node_code import NodeRaised, call
from hub.nodes.compat.v3.extension import ComfyExtension


def extension_classes(
    module: ModuleType, loop: asyncio.AbstractEventLoop | None
) -> dict[str, Any] | None:
    """The classes by their ids; None where the module has no entry point.

    Raises whatever the pack's code raises. A class whose schema cannot be read goes by its name in
    Python: whoever reads it next is told why. `loop` does not run yet; what the pack starts on it
    goes on later.
    """
    entry_point = getattr(module, "comfy_entrypoint", None)
    if entry_point is None:
        return None
    work = _classes(entry_point)
    found = asyncio.run(work) if loop is None else loop.run_until_complete(work)
    return {_id(pack_class): pack_class for pack_class in found}


async def _classes(entry_point: Any) -> list[Any]:
    extension = entry_point()
    if isawaitable(extension):
        extension = await extension
    if not isinstance(extension, ComfyExtension):
        raise TypeError(
            f"comfy_entrypoint gave a {type(extension).__name__} instead of a ComfyExtension."
        )
    await extension.on_load()
    return list(await extension.get_node_list())


def _id(pack_class: Any) -> str:
    try:
        return str(call(lambda: pack_class.GET_SCHEMA().node_id))
    except NodeRaised:
        return getattr(pack_class, "__name__", repr(pack_class))
