"""Devices, and stopping a run."""

import torch

from hub.nodes.compat.not_yet import not_yet
from hub.nodes.compat.running import (
    InterruptProcessingException as InterruptProcessingException,
)
from hub.nodes.compat.running import cancel, check_cancelled, is_cancelled

__getattr__ = not_yet("comfy.model_management")
OOM_EXCEPTION = torch.OutOfMemoryError


def get_torch_device() -> torch.device:
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def intermediate_device() -> torch.device:
    return torch.device("cpu")


def soft_empty_cache(force: bool = False) -> None:
    if torch.cuda.is_available():
        torch.cuda.empty_cache()


def throw_exception_if_processing_interrupted() -> None:
    check_cancelled()


def processing_interrupted() -> bool:
    return is_cancelled()


def interrupt_current_processing(value: bool = True) -> None:
    if value:
        cancel()
