"""All nodes of this worker by class type; built-in ones also by name: `nodes.LoadImage()`."""

from typing import Any

import torch
from comfy import sample  # type: ignore[import-not-found] # this folder is searched

from hub.nodes.compat.installed import installed
from hub.nodes.compat.not_yet import not_yet
from hub.nodes.compat.running import cancel, check_cancelled

MAX_RESOLUTION = 16384
NODE_CLASS_MAPPINGS = installed().classes
NODE_DISPLAY_NAME_MAPPINGS = installed().display_names
EXTENSION_WEB_DIRS = installed().web_folders
_missing = not_yet("nodes")


def interrupt_processing(value: bool = True) -> None:
    if value:
        cancel()


def before_node_execution() -> None:
    """Where a cancelled run stops."""
    check_cancelled()


def __getattr__(name: str) -> Any:
    return NODE_CLASS_MAPPINGS[name] if name in NODE_CLASS_MAPPINGS else _missing(name)


def common_ksampler(
    model: Any,
    seed: int,
    steps: int,
    cfg: float,
    sampler_name: str,
    scheduler: str,
    positive: Any,
    negative: Any,
    latent: dict[str, Any],
    denoise: float = 1.0,
    disable_noise: bool = False,
    start_step: int | None = None,
    last_step: int | None = None,
    force_full_denoise: bool = False,
) -> tuple[dict[str, Any]]:
    """The LATENT that KSampler makes of one."""
    image = sample.fix_empty_latent_channels(model, latent["samples"])
    noise = torch.zeros_like(image)
    if not disable_noise:
        noise = sample.prepare_noise(image, seed, latent.get("batch_index"))
    samples = sample.sample(
        model,
        noise,
        steps,
        cfg,
        sampler_name,
        scheduler,
        positive,
        negative,
        image,
        denoise=denoise,
        disable_noise=disable_noise,
        start_step=start_step,
        last_step=last_step,
        force_full_denoise=force_full_denoise,
        noise_mask=latent.get("noise_mask"),
        seed=seed,
    )
    return ({**latent, "samples": samples},)
