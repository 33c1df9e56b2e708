"""ComfyUI's `/system_stats`: the machine, and the devices of the workers."""

import asyncio
import os
import sys
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from aiohttp import web

from hub.engine.messages import DeviceMemory
from hub.engine.process_usage import free_memory, whole_memory
from hub.web.json_text import answer
from hub.web.parts import parts_of

_SPOKEN = "0.8.0"
"""The version of ComfyUI that clients may take this for."""


async def show_stats(request: web.Request) -> web.Response:
    """GET /system_stats: memory in bytes; of devices as the workers told it last."""
    devices = [device for worker in parts_of(request).engine.workers for device in worker.devices]
    system = await asyncio.to_thread(_system)
    return answer({"system": system, "devices": [_shape(device) for device in devices]})


def _system() -> dict[str, Any]:
    return {
        "os": sys.platform,
        "ram_total": whole_memory() or 0,
        "ram_free": free_memory() or 0,
        "comfyui_version": _SPOKEN,
        "required_frontend_version": None,
        "installed_templates_version": None,
        "required_templates_version": None,
        "python_version": sys.version,
        "pytorch_version": _version("torch"),
        "embedded_python": False,
        "argv": [os.path.basename(sys.argv[0])],  # noqa: PTH119 - a name, not a place
    }


def _version(package: str) -> str:
    """Without importing it."""
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _shape(device: DeviceMemory) -> dict[str, Any]:
    return {
        "name": device.name,
        "type": device.type,
        "index": device.index,
        "vram_total": device.total,
        "vram_free": device.free,
        "torch_vram_total": device.torch_total,
        "torch_vram_free": device.torch_free,
    }
