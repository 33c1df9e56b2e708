"""What packs import of ComfyUI that the hub does not have yet: one line per module.

A name that is built leaves this table. A module with `...` behind it has more names than anybody
has listed; any of them is taken for ComfyUI's.
"""

from hub.engine.comfyui_classes import comfyui_classes

ANY = "..."
_TABLE = """
app.user_manager                    AppSettings
comfy.conds                         ...
comfy.controlnet                    ControlLora
comfy.diffusers_convert             ...
comfy.hooks                         ...
comfy.k_diffusion.sampling          ...
comfy.k_diffusion.utils             ...
comfy.latent_formats                ...
comfy.ldm.common_dit                ...
comfy.ldm.modules.attention         ...
comfy.ldm.modules.diffusionmodules.openaimodel ...
comfy.lora                          calculate_weight
comfy.model_base                    ...
comfy.model_management              LoadedModel
comfy.model_patcher                 ...
comfy.model_sampling                COSMOS_RFLOW IMG_TO_IMG_FLOW ModelSamplingCosmosRFlow
comfy.ops                           ...
comfy.patcher_extension             CallbacksMP PatcherInjection
comfy.sampler_helpers               ...
comfy.sd                            load_gligen load_style_model
comfy.sd1_clip                      ...
comfy.sdxl_clip                     ...
comfy.supported_models              ...
comfy.supported_models_base         ...
comfy_extras.nodes_custom_sampler   Guider_DualCFG
comfy_extras.nodes_lt               get_keyframe_idxs get_noise_mask
comfy_extras.nodes_mask             composite
comfy_extras.nodes_model_advanced   LCM ModelSamplingDiscreteDistilled
comfy_extras.nodes_model_advanced   rescale_zero_terminal_snr_sigmas
comfy_extras.nodes_perpneg          Guider_PerpNeg perp_neg
comfy_extras.nodes_post_processing  gaussian_kernel
execution                           CacheSet CacheType ExecutionResult IsChangedCache PromptExecutor
execution                           execute full_type_name get_input_data get_output_data
execution                           map_node_over_list validate_inputs
nodes                               init_extra_nodes load_custom_node
"""
_OPEN_PACKAGES = ("comfy.text_encoders.", "comfy_extras.nodes_")
"""Whatever module there is in them."""


def _read_table() -> dict[str, set[str]]:
    names: dict[str, set[str]] = {}
    for line in _TABLE.strip().splitlines():
        module, *listed = line.split()
        names.setdefault(module, set()).update(listed)
    names["nodes"] |= comfyui_classes().keys()
    return names


_NAMES = _read_table()
MODULES = tuple(_NAMES)


def has_module(module: str) -> bool:
    """Whether ComfyUI has a module, or a package, of that name."""
    is_parent = any(known.startswith(f"{module}.") for known in (*_NAMES, *_OPEN_PACKAGES))
    return module in _NAMES or is_parent or _is_open(module)


def has_name(module: str, name: str) -> bool:
    """Whether ComfyUI's module has something of that name for others."""
    if name.startswith("_"):
        return False
    if module.startswith("comfy_extras."):
        return name in comfyui_classes() or name in _NAMES.get(module, ())
    listed = _NAMES.get(module, set())
    return name in listed or ANY in listed or _is_open(module)


def _is_open(module: str) -> bool:
    return module.startswith(_OPEN_PACKAGES)
