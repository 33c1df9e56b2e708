"""A pack that imports ComfyUI's sampling layer at its top, as many do, and hardly uses it."""

from typing import Any, ClassVar

import comfy  # type: ignore[import-not-found] # the worker offers all of these
import comfy.hooks  # type: ignore[import-not-found]
import comfy.ldm.modules.attention  # type: ignore[import-not-found]
import comfy.model_management as mm  # type: ignore[import-not-found]
import comfy.sample  # type: ignore[import-not-found]
import comfy.samplers  # type: ignore[import-not-found]
import comfy.sd  # type: ignore[import-not-found]
import folder_paths  # type: ignore[import-not-found]
import latent_preview  # type: ignore[import-not-found]
import node_helpers  # type: ignore[import-not-found]
import nodes  # type: ignore[import-not-found]
import torch
from comfy.cli_args import args  # type: ignore[import-not-found]
from comfy.comfy_types import IO, ComfyNodeABC  # type: ignore[import-not-found]
from comfy.comfy_types.node_typing import InputTypeDict  # type: ignore[import-not-found]
from comfy.ldm.flux.layers import timestep_embedding  # type: ignore[import-not-found] # noqa: F401
from comfy.model_patcher import ModelPatcher  # type: ignore[import-not-found]
from comfy_execution.utils import get_executing_context  # type: ignore[import-not-found]
from comfy_extras.nodes_custom_sampler import (  # type: ignore[import-not-found]
    Guider_Basic,
    Guider_DualCFG,
    Noise_RandomNoise,
)
from comfy_extras.nodes_gits import GITSScheduler  # type: ignore[import-not-found]
from comfy_extras.nodes_images import ImageCrop  # type: ignore[import-not-found]

from .patcher import TracedPatcher

folder_paths.add_model_folder_path("sounds", folder_paths.get_input_directory())


GUIDERS = (Guider_Basic, Guider_DualCFG)


class Cast(comfy.ops.manual_cast.Linear, torch.nn.Module):  # type: ignore[misc]
    """Subclassed, and never made."""


class PackNoise(ComfyNodeABC):  # type: ignore[misc]
    """Works, as all that it uses is there."""

    @classmethod
    def INPUT_TYPES(cls) -> InputTypeDict:  # noqa: N802
        choices = folder_paths.get_filename_list("sounds")
        return {
            "required": {
                "seed": ("INT", {"default": 0}),
                "image": (IO.IMAGE,),
                "sound": (choices,),
            }
        }

    RETURN_TYPES = (IO.IMAGE,)
    FUNCTION = "noise"
    OUTPUT_NODE = True
    CATEGORY = "test"

    def noise(
        self,
        seed: int,
        image: Any,
        sound: str,
        vae: comfy.sd.VAE | None = None,
        hooks: comfy.hooks.HookGroup | None = None,
    ) -> Any:
        mm.throw_exception_if_processing_interrupted()
        latent = torch.zeros(1, 4, 8, 8, device=mm.intermediate_device())
        drawn = comfy.sample.prepare_noise(latent, seed)
        latent_preview.prepare_callback(None, 2)(1, drawn, drawn, 2)
        conditioning = node_helpers.conditioning_set_values([[drawn, {"a": 1}]], {"b": 2})
        (scaled,) = nodes.ImageScale().upscale(image, "bilinear", 8, 8, "disabled")
        cut = ImageCrop.execute(scaled, 4, 4, 0, 0)[0]
        facts = {
            "is a patcher": isinstance(image, ModelPatcher),
            "values": conditioning[0][1],
            "cut": list(cut.shape),
            "node": get_executing_context().node_id,
            "listens": args.listen,
            "samplers": len(comfy.samplers.KSampler.SAMPLERS),
            "noise": Noise_RandomNoise(3).generate_noise({"samples": latent}).equal(drawn),
            "guiders": [issubclass(kind, comfy.samplers.CFGGuider) for kind in GUIDERS],
            "sound": folder_paths.get_full_path("sounds", sound) is not None,
        }
        return {"ui": {"text": [repr(facts)]}, "result": (drawn.movedim(1, -1),)}


class PackGuide:
    """Uses what is not there yet."""

    INPUT_TYPES = classmethod(lambda cls: {"required": {"wanted": (["scheduler", "patcher"],)}})
    RETURN_TYPES: ClassVar[Any] = ()
    FUNCTION = "guide"
    OUTPUT_NODE = True

    def guide(self, wanted: str) -> Any:
        assert issubclass(TracedPatcher, ModelPatcher)
        return GITSScheduler() if wanted == "scheduler" else TracedPatcher(None)


class PackSampler(nodes.unCLIPCheckpointLoader):  # type: ignore[misc]
    """A node that derives from one that is not there yet: left out by itself."""


NODE_CLASS_MAPPINGS = {
    "PackNoise": PackNoise,
    "PackGuide": PackGuide,
    "PackSampler": PackSampler,
}
