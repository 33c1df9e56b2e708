"""Workflows of the kinds that none of the public ones is of, for the tiny models."""

from typing import Any

from hub.engine.compatibility import OWN_KINDS
from hub.engine.models.families import Family
from tests.engine.models.tiny_models import HYPERNETWORK, file_name
from tests.engine.reduced_workflows import PHOTO
from tests.engine.story import node

Graph = dict[str, dict[str, Any]]
NAMES = {"sampler_name": "euler", "scheduler": "normal"}
SAMPLING = {"seed": 3, "steps": 2, "cfg": 5.0, "denoise": 1.0, **NAMES}
SIDES = {"positive": ["positive", 0], "negative": ["negative", 0]}


def loaded(family: Family) -> Graph:
    """A checkpoint, both prompts, and an empty latent of 64 x 64 pixels."""
    return {
        "checkpoint": node("CheckpointLoaderSimple", ckpt_name=file_name(family)),
        "positive": node("CLIPTextEncode", clip=["checkpoint", 1], text="a (red:1.2) house"),
        "negative": node("CLIPTextEncode", clip=["checkpoint", 1], text="blurry"),
        "empty": node("EmptyLatentImage", width=64, height=64, batch_size=1),
        "photo": node("LoadImage", image=PHOTO),
    }


def sampled(model: str = "checkpoint", latent: str = "empty", **other: Any) -> dict[str, Any]:
    given = {"model": [model, 0], "latent_image": [latent, 0], **SIDES, **SAMPLING}
    return node("KSampler", **{**given, **other})


def decoded(latent: str, output: int = 0) -> Graph:
    return {
        "decoded": node("VAEDecode", samples=[latent, output], vae=["checkpoint", 2]),
        "save": node("SaveImage", images=["decoded", 0], filename_prefix="own"),
    }


def _second_with_velocity() -> Graph:
    """Its file says so, and that it was trained up to pure noise."""
    return {**loaded(Family.SD2), "sample": sampled(), **decoded("sample")}


def _second_corrected() -> Graph:
    """As models of velocity are used whose files do not say it."""
    return {
        **loaded(Family.SD2),
        "told": node(
            "ModelSamplingDiscrete", model=["checkpoint", 0], sampling="v_prediction", zsnr=True
        ),
        "rescaled": node("RescaleCFG", model=["told", 0], multiplier=0.7),
        "sample": sampled("rescaled", scheduler="sgm_uniform"),
        **decoded("sample"),
    }


def _second_from_a_picture() -> Graph:
    return {
        **loaded(Family.SD2),
        "encoded": node("VAEEncode", pixels=["photo", 0], vae=["checkpoint", 2]),
        "masked": node("SetLatentNoiseMask", samples=["encoded", 0], mask=["photo", 1]),
        "sample": sampled(latent="masked", denoise=0.6),
        **decoded("sample"),
    }


def _control(family: Family) -> Graph:
    return {
        **loaded(family),
        "control": node("ControlNetLoader", control_net_name=file_name(family)),
        "applied": node(
            "ControlNetApplyAdvanced",
            **SIDES,
            control_net=["control", 0],
            image=["photo", 0],
            strength=0.8,
            start_percent=0.0,
            end_percent=0.9,
        ),
        "sample": sampled(positive=["applied", 0], negative=["applied", 1]),
        **decoded("sample"),
    }


def _handed_over() -> Graph:
    """The refiner goes on where the base leaves the noise in."""
    refiner = file_name(Family.SDXL_REFINER)
    told = {"text": "a red house", "width": 64, "height": 64}
    steps = {"noise_seed": 3, "steps": 4, "cfg": 5.0, **NAMES}
    return {
        **loaded(Family.SDXL),
        "refiner": node("CheckpointLoaderSimple", ckpt_name=refiner),
        "towards": node("CLIPTextEncodeSDXLRefiner", clip=["refiner", 1], ascore=6.0, **told),
        "away": node("CLIPTextEncodeSDXLRefiner", clip=["refiner", 1], ascore=2.5, **told),
        "begun": node(
            "KSamplerAdvanced",
            **steps,
            **SIDES,
            model=["checkpoint", 0],
            latent_image=["empty", 0],
            add_noise="enable",
            start_at_step=0,
            end_at_step=3,
            return_with_leftover_noise="enable",
        ),
        "finished": node(
            "KSamplerAdvanced",
            **steps,
            positive=["towards", 0],
            negative=["away", 0],
            model=["refiner", 0],
            latent_image=["begun", 0],
            add_noise="disable",
            start_at_step=3,
            end_at_step=10000,
            return_with_leftover_noise="disable",
        ),
        **decoded("finished"),
    }


def _turbo() -> Graph:
    return {
        **loaded(Family.SDXL),
        "schedule": node("SDTurboScheduler", model=["checkpoint", 0], steps=1, denoise=1.0),
        "method": node("KSamplerSelect", sampler_name="euler_ancestral"),
        "sample": node(
            "SamplerCustom",
            **SIDES,
            model=["checkpoint", 0],
            add_noise=True,
            noise_seed=3,
            cfg=1.0,
            sampler=["method", 0],
            sigmas=["schedule", 0],
            latent_image=["empty", 0],
        ),
        **decoded("sample", 1),
    }


def _consistency(family: Family) -> Graph:
    """A LoRA of a latent consistency model, with what goes with it."""
    return {
        **loaded(family),
        "adapter": node(
            "LoraLoaderModelOnly",
            model=["checkpoint", 0],
            lora_name=file_name(family),
            strength_model=1.0,
        ),
        "told": node("ModelSamplingDiscrete", model=["adapter", 0], sampling="lcm", zsnr=False),
        "sample": sampled("told", cfg=1.0, sampler_name="lcm", scheduler="sgm_uniform"),
        **decoded("sample"),
    }


def _hooked() -> Graph:
    """An adapter that comes in slowly, on the positive side alone."""
    lora = file_name(Family.SD1)
    return {
        **loaded(Family.SD1),
        "hook": node("CreateHookLora", lora_name=lora, strength_model=1.0, strength_clip=0.5),
        "frames": node(
            "CreateHookKeyframesInterpolated",
            strength_start=0.0,
            strength_end=1.0,
            interpolation="ease_in",
            start_percent=0.0,
            end_percent=0.5,
            keyframes_count=3,
            print_keyframes=False,
        ),
        "hooks": node("SetHookKeyframes", hooks=["hook", 0], hook_kf=["frames", 0]),
        "clip": node(
            "SetClipHooks",
            clip=["checkpoint", 1],
            apply_to_conds=True,
            schedule_clip=True,
            hooks=["hooks", 0],
        ),
        "positive": node("CLIPTextEncode", clip=["clip", 0], text="a house"),
        "sample": sampled(),
        **decoded("sample"),
    }


def _editing(family: Family) -> Graph:
    """A model that sees the picture which it is to change, and nothing on the negative side."""
    return {
        **loaded(family),
        "editor": node("UNETLoader", unet_name=file_name(family), weight_dtype="default"),
        "shown": node(
            "InstructPixToPixConditioning", **SIDES, vae=["checkpoint", 2], pixels=["photo", 0]
        ),
        "guider": node(
            "DualCFGGuider",
            model=["editor", 0],
            cond1=["shown", 0],
            cond2=["shown", 1],
            negative=["negative", 0],
            cfg_conds=7.5,
            cfg_cond2_negative=1.5,
            style="regular",
        ),
        "noise": node("RandomNoise", noise_seed=3),
        "method": node("KSamplerSelect", sampler_name="euler_ancestral"),
        "schedule": node(
            "BasicScheduler", model=["editor", 0], scheduler="normal", steps=2, denoise=1.0
        ),
        "sample": node(
            "SamplerCustomAdvanced",
            noise=["noise", 0],
            guider=["guider", 0],
            sampler=["method", 0],
            sigmas=["schedule", 0],
            latent_image=["shown", 2],
        ),
        **decoded("sample"),
    }


def _four_times_as_large() -> Graph:
    return {
        **loaded(Family.UPSCALER),
        "small": node("ImageScaleBy", image=["photo", 0], upscale_method="area", scale_by=0.25),
        "shown": node(
            "SD_4XUpscale_Conditioning",
            **SIDES,
            images=["small", 0],
            scale_ratio=4.0,
            noise_augmentation=0.1,
        ),
        "sample": sampled(positive=["shown", 0], negative=["shown", 1], latent_image=["shown", 2]),
        **decoded("sample"),
    }


def _grounded() -> Graph:
    """Two objects in their boxes, one of them on the first half of the way alone."""
    boxes = {"clip": ["checkpoint", 1], "gligen_textbox_model": ["gligen", 0]}
    return {
        **loaded(Family.SD1),
        "gligen": node("GLIGENLoader", gligen_name=file_name(Family.SD1)),
        "house": node(
            "GLIGENTextBoxApply",
            conditioning_to=["positive", 0],
            text="a red house",
            **boxes,
            width=32,
            height=40,
            x=8,
            y=16,
        ),
        "tree": node(
            "GLIGENTextBoxApply",
            conditioning_to=["house", 0],
            text="a tree",
            **boxes,
            width=16,
            height=64,
            x=48,
            y=0,
        ),
        "begun": node("ConditioningSetTimestepRange", conditioning=["tree", 0], start=0.0, end=0.5),
        "both": node(
            "ConditioningCombine", conditioning_1=["begun", 0], conditioning_2=["house", 0]
        ),
        "sample": sampled(positive=["both", 0]),
        **decoded("sample"),
    }


def _with_hypernetwork() -> Graph:
    return {
        **loaded(Family.SD1),
        "styled": node(
            "HypernetworkLoader",
            model=["checkpoint", 0],
            hypernetwork_name=HYPERNETWORK,
            strength=0.5,
        ),
        "sample": sampled("styled"),
        **decoded("sample"),
    }


def _in_a_style() -> Graph:
    """The positive side has more words than the other."""
    file = file_name(Family.SD1)
    return {
        **loaded(Family.SD1),
        "encoder": node("CLIPVisionLoader", clip_name=file),
        "seen": node(
            "CLIPVisionEncode", clip_vision=["encoder", 0], image=["photo", 0], crop="center"
        ),
        "style": node("StyleModelLoader", style_model_name=file),
        "styled": node(
            "StyleModelApply",
            conditioning=["positive", 0],
            style_model=["style", 0],
            clip_vision_output=["seen", 0],
            strength=0.8,
            strength_type="multiply",
        ),
        "sample": sampled(positive=["styled", 0]),
        **decoded("sample"),
    }


_GRAPHS = (
    _hooked(),
    _grounded(),
    _with_hypernetwork(),
    _editing(Family.SD1),
    _in_a_style(),
    _second_with_velocity(),
    _second_corrected(),
    _second_from_a_picture(),
    _control(Family.SD2),
    _four_times_as_large(),
    _control(Family.SDXL),
    _handed_over(),
    _turbo(),
    _consistency(Family.SDXL),
    _editing(Family.SDXL),
)
OWN_WORKFLOWS = dict(zip(OWN_KINDS, _GRAPHS, strict=True))
"""By what docs/compatibility.md calls them."""
