"""Where torch calculates, and how much memory is left there."""

import errno
import os

import torch

CPU = torch.device("cpu")
_OUT_OF_MEMORY = ("can't allocate memory", "out of memory", "CUBLAS_STATUS_ALLOC_FAILED")
_ON_LINUX = "/proc/meminfo"


def main_device() -> torch.device:
    """The accelerator, where there is one."""
    return torch.device("cuda", torch.cuda.current_device()) if torch.cuda.is_available() else CPU


def total_memory(device: torch.device) -> int:
    """Bytes that the device has."""
    if device.type == "cuda":
        return torch.cuda.mem_get_info(device)[1]
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def free_memory(device: torch.device) -> int:
    """Bytes that can be had on the device, with what torch holds there without using it."""
    if device.type == "cuda":
        unused = torch.cuda.memory_reserved(device) - torch.cuda.memory_allocated(device)
        return torch.cuda.mem_get_info(device)[0] + unused
    return _available_on_linux() or total_memory(device)


def release_unused() -> None:
    """Give back what torch keeps for later."""
    if torch.cuda.is_available():
        torch.cuda.empty_cache()


def is_out_of_memory(error: BaseException) -> bool:
    """Whether the device or the machine had no memory left; some errors say so only in words."""
    match error:
        case MemoryError() | torch.OutOfMemoryError():
            return True
        case OSError():
            return error.errno == errno.ENOMEM
        case RuntimeError():  # asked for its text it may run code of a node; its arguments do not
            said = " ".join(words for words in error.args if isinstance(words, str))
            return any(words in said for words in _OUT_OF_MEMORY)
    return False


def _available_on_linux() -> int | None:
    """What the system says it could give, file cache included."""
    try:
        with open(_ON_LINUX, encoding="ascii") as file:  # noqa: PTH123 - a plain file of the kernel
            lines = dict(line.split(":", 1) for line in file)
    except OSError:
        return None
    return int(lines["MemAvailable"].split()[0]) * 1024 if "MemAvailable" in lines else None
