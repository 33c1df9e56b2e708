"""ComfyUI's command line as packs look into it: its defaults, and what is true of this hub.

Nothing here changes what the hub does.
"""

from argparse import Namespace
from enum import StrEnum

import torch

from hub.nodes.compat.installed import installed
from hub.nodes.compat.not_yet import not_yet

__getattr__ = not_yet("comfy.cli_args")

_OFF = """
auto_launch bf16_text_enc bf16_unet bf16_vae cache_classic cache_none cpu_vae cuda_malloc
deterministic disable_all_custom_nodes disable_auto_launch disable_cuda_malloc
disable_ipex_optimize disable_manager_ui disable_metadata disable_mmap disable_pinned_memory
disable_smart_memory disable_xformers dont_print_server dont_upcast_attention
enable_compress_response_body enable_manager enable_manager_legacy_ui force_channels_last
force_fp16 force_fp32 force_non_blocking force_upcast_attention fp16_text_enc fp16_unet fp16_vae
fp32_text_enc fp32_unet fp32_vae fp64_unet fp8_e4m3fn_text_enc fp8_e4m3fn_unet fp8_e5m2_text_enc
fp8_e5m2_unet fp8_e8m0fnu_unet gpu_only highvram log_stdout lowvram mmap_torch_files multi_user
normalvram novram quick_test_for_ci supports_fp8_compute use_flash_attention
use_quad_cross_attention use_sage_attention use_split_cross_attention windows_standalone_build
"""
_UNSET = """
async_offload base_directory cuda_device database_url default_device directml
disable_async_offload enable_cors_header extra_model_paths_config front_end_root
oneapi_device_selector reserve_vram tls_certfile tls_keyfile
"""


class LatentPreviewMethod(StrEnum):
    NoPreviews = "none"
    Auto = "auto"
    Latent2RGB = "latent2rgb"
    TAESD = "taesd"


class PerformanceFeature(StrEnum):
    Fp16Accumulation = "fp16_accumulation"
    Fp8MatrixMultiplication = "fp8_matrix_mult"
    CublasOps = "cublas_ops"
    AutoTune = "autotune"


_folders = installed().folders
args = Namespace(
    **dict.fromkeys(_OFF.split(), False),
    **dict.fromkeys(_UNSET.split()),
    cache_lru=0,
    cache_ram=0,
    comfy_api_base="",
    cpu=not torch.cuda.is_available(),
    default_hashing_function="sha256",
    disable_api_nodes=True,
    fast=set(),
    front_end_version="",
    input_directory=str(_folders.input),
    listen="127.0.0.1",
    max_upload_size=100,
    output_directory=str(_folders.output),
    port=8188,
    preview_method=LatentPreviewMethod.NoPreviews,
    preview_size=512,
    temp_directory=str(_folders.temp),
    use_pytorch_cross_attention=True,
    user_directory=str(_folders.data / "user"),
    verbose="INFO",
    whitelist_custom_nodes=list(_folders.chosen_packs),
)
