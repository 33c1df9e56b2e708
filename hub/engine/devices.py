"""Which GPUs a worker gets to see, told without torch.

A worker sees only the device it is to use, by `CUDA_VISIBLE_DEVICES`: so whatever a node or a pack
asks torch for, it gets that one, and a worker for the CPU touches no GPU.
"""

import sys
from collections.abc import Mapping
from pathlib import Path

from hub.config.worker_settings import AUTO, CPU
from hub.errors import Unavailable

_VISIBLE = "CUDA_VISIBLE_DEVICES"
_DEV = Path("/dev")
_OTHERS = ("kfd", "dxg", "nvgpu", "nvhost-gpu")
"""GPUs that show themselves otherwise: of AMD, under Windows, and of small boards."""


class NoSuchDevice(Unavailable):
    """A worker is to use a device that this machine does not have."""

    def __init__(self, device: str, count: int) -> None:
        there = {0: "no GPU", 1: "one GPU, cuda:0"}.get(count, f"GPUs up to cuda:{count - 1}")
        super().__init__(
            f"There is no device {device}: this machine has {there}. Name another one in hub.yaml."
        )


def device_environment(
    device: str, environment: Mapping[str, str], devices: Path = _DEV
) -> dict[str, str]:
    """What a worker's environment needs beyond `environment`, that of the hub.

    Raises `NoSuchDevice`. Where the system does not tell what there is, the worker finds out.
    """
    if device == AUTO:
        return {}
    if device == CPU:
        return {_VISIBLE: ""}
    _, _, number = device.partition(":")
    visible = _visible(environment, devices)
    if visible is not None and int(number or 0) >= len(visible):
        raise NoSuchDevice(device, len(visible))
    if not number:
        return {}
    return {_VISIBLE: number if visible is None else visible[int(number)]}


def _visible(environment: Mapping[str, str], devices: Path) -> list[str] | None:
    """The GPUs that the hub's processes may use, as CUDA names them; None where nobody tells."""
    if _VISIBLE in environment:
        names = [name.strip() for name in environment[_VISIBLE].split(",")]
        end = next((place for place, name in enumerate(names) if name in ("", "-1")), len(names))
        return names[:end]
    if sys.platform != "linux" or any((devices / name).exists() for name in _OTHERS):
        return None
    cards = (path.name.removeprefix("nvidia") for path in devices.glob("nvidia[0-9]*"))
    return [str(place) for place, _ in enumerate(filter(str.isdigit, cards))]
