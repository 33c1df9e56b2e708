"""Devices, number types, memory, and stopping a run.

The hub's own models are not managed by this module: it tells packs the truth about the machine, and
gives memory back that torch keeps.
"""

from collections.abc import Sequence
from enum import Enum
from typing import Any

import torch

from hub.engine.models.devices import CPU, main_device, release_unused, total_memory
from hub.engine.models.devices import free_memory as _free
from hub.engine.models.diffusion_model import DiffusionModel
from hub.nodes.compat.not_yet import not_yet
from hub.nodes.compat.running import (
    InterruptProcessingException as InterruptProcessingException,
)
from hub.nodes.compat.running import cancel, check_cancelled, is_cancelled

__getattr__ = not_yet("comfy.model_management")
OOM_EXCEPTION = torch.OutOfMemoryError
Device = torch.device | str | None


class VRAMState(Enum):
    DISABLED = 0
    NO_VRAM = 1
    LOW_VRAM = 2
    NORMAL_VRAM = 3
    HIGH_VRAM = 4
    SHARED = 5


class CPUState(Enum):
    GPU = 0
    CPU = 1
    MPS = 2


vram_state = VRAMState.NORMAL_VRAM if torch.cuda.is_available() else VRAMState.DISABLED
set_vram_to = vram_state
cpu_state = CPUState.GPU if torch.cuda.is_available() else CPUState.CPU
total_vram = total_memory(main_device()) / 2**20
total_ram = total_memory(CPU) / 2**20
directml_enabled = False
xpu_available = False
npu_available = False
mlu_available = False
lowvram_available = True
current_loaded_models: list[Any] = []


def get_torch_device() -> torch.device:
    return main_device()


def get_torch_device_name(device: torch.device) -> str:
    if device.type != "cuda":
        return device.type
    return f"{device} {torch.cuda.get_device_name(device)}"


def intermediate_device() -> torch.device:
    return CPU


def unet_offload_device() -> torch.device:
    return CPU


def unet_inital_load_device(parameters: int, dtype: torch.dtype) -> torch.device:
    return CPU


def text_encoder_device() -> torch.device:
    return main_device()


def text_encoder_offload_device() -> torch.device:
    return CPU


def vae_device() -> torch.device:
    return main_device()


def vae_offload_device() -> torch.device:
    return CPU


def is_device_cpu(device: Device) -> bool:
    return _type_of(device) == "cpu"


def is_device_cuda(device: Device) -> bool:
    return _type_of(device) == "cuda"


def is_device_mps(device: Device) -> bool:
    return _type_of(device) == "mps"


def is_nvidia() -> bool:
    return torch.cuda.is_available() and torch.version.cuda is not None


def is_amd() -> bool:
    return torch.cuda.is_available() and torch.version.hip is not None


def is_intel_xpu() -> bool:
    return False


def cpu_mode() -> bool:
    return cpu_state is CPUState.CPU


def mps_mode() -> bool:
    return False


def xformers_enabled() -> bool:
    return False


def xformers_enabled_vae() -> bool:
    return False


def pytorch_attention_enabled() -> bool:
    return True


def should_use_fp16(device: Device = None, *args: Any, **kwargs: Any) -> bool:
    """On an accelerator; a CPU calculates in it far more slowly than in float32."""
    return _type_of(main_device() if device is None else device) == "cuda"


def should_use_bf16(device: Device = None, *args: Any, **kwargs: Any) -> bool:
    return should_use_fp16(device) and torch.cuda.is_bf16_supported(including_emulation=False)


def unet_dtype(device: Device = None, *args: Any, **kwargs: Any) -> torch.dtype:
    if should_use_bf16(device):
        return torch.bfloat16
    return torch.float16 if should_use_fp16(device) else torch.float32


def vae_dtype(device: Device = None, *args: Any, **kwargs: Any) -> torch.dtype:
    return torch.bfloat16 if should_use_bf16(device) else torch.float32


def text_encoder_dtype(device: Device = None) -> torch.dtype:
    return torch.float16 if should_use_fp16(device) else torch.float32


def dtype_size(dtype: torch.dtype) -> int:
    return dtype.itemsize


def module_size(module: torch.nn.Module) -> int:
    """Bytes of its parameters and buffers."""
    return sum(tensor.nbytes for tensor in module.state_dict().values())


def get_total_memory(dev: torch.device | None = None, torch_total_too: bool = False) -> Any:
    total = total_memory(dev or main_device())
    return (total, total) if torch_total_too else total


def get_free_memory(dev: torch.device | None = None, torch_free_too: bool = False) -> Any:
    free = _free(dev or main_device())
    return (free, free) if torch_free_too else free


def maximum_vram_for_weights(device: torch.device | None = None) -> float:
    return total_memory(device or main_device()) * 0.88


def free_memory(
    memory_required: float, device: torch.device, keep_loaded: Sequence[Any] = ()
) -> list[Any]:
    """Gives back what torch keeps; no model of the hub is unloaded."""
    release_unused()
    return []


def soft_empty_cache(force: bool = False) -> None:
    release_unused()


def unload_all_models() -> None:
    release_unused()


def load_models_gpu(models: Sequence[Any], *args: Any, **kwargs: Any) -> None:
    """Have the hub's models ready to compute; a pack's own are its own affair."""
    for model in models:
        load_model_gpu(model)


def load_model_gpu(model: Any) -> None:
    if isinstance(model, DiffusionModel):
        with model.placed():  # they stay so until somebody else needs the memory
            pass


def cast_to_device(
    tensor: torch.Tensor, device: torch.device, dtype: torch.dtype, copy: bool = False
) -> torch.Tensor:
    return tensor.to(device, dtype, copy=copy)


def cleanup_models() -> None:
    release_unused()


def loaded_models(only_currently_used: bool = False) -> list[Any]:
    return []


def throw_exception_if_processing_interrupted() -> None:
    check_cancelled()


def processing_interrupted() -> bool:
    return is_cancelled()


def interrupt_current_processing(value: bool = True) -> None:
    if value:
        cancel()


def _type_of(device: Device) -> str | None:
    return None if device is None else torch.device(device).type
