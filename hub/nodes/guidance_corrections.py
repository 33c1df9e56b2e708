"""Nodes that correct what comes of classifier-free guidance."""

from hub.engine.models.diffusion_model import DiffusionModel
from hub.engine.models.patches.frequency_scaling import FrequencyScaled
from hub.engine.models.patches.guidance_corrections import (
    epsilon_scaled,
    normed,
    renormed,
    rescaled,
    tangentially_damped,
    temporally_rescaled,
    zero_star,
)
from hub.engine.models.patches.projected_guidance import ProjectedGuidance
from hub.nodes.api import FLOAT, INT, MODEL, Input, Node, NodeOutput, Schema

_PATCHED = "patched_model"


class RescaleCFG(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return _schema(
            "RescaleCFG",
            "model_advanced",
            "Guidance that does not overexpose: the spread of the guided latent is brought back to "
            "that by the positive prompt, as far as `multiplier` says.",
            FLOAT.value("multiplier", default=0.7, minimum=0.0, maximum=1.0, step=0.01),
        )

    @classmethod
    def execute(cls, model: DiffusionModel, multiplier: float) -> NodeOutput:
        changed = model.clone()
        changed.set_model_sampler_cfg_function(rescaled(multiplier))
        return NodeOutput(changed)


class RenormCFG(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return _schema(
            "RenormCFG",
            "lumina2",
            "Guidance whose result is at most `renorm_cfg` times as large as that of the positive "
            "prompt (0 sets no limit), and that guides only below the noise level `cfg_trunc`.",
            FLOAT.value("cfg_trunc", default=100.0, minimum=0.0, maximum=100.0, step=0.01),
            FLOAT.value("renorm_cfg", default=1.0, minimum=0.0, maximum=100.0, step=0.01),
        )

    @classmethod
    def execute(cls, model: DiffusionModel, cfg_trunc: float, renorm_cfg: float) -> NodeOutput:
        changed = model.clone()
        changed.set_model_sampler_cfg_function(renormed(cfg_trunc, renorm_cfg))
        return NodeOutput(changed)


class TCFG(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return _schema(
            "TCFG",
            "tcfg",
            "Keeps of the negative prediction only what points along the direction that both have "
            "in common, which brings pictures nearer to what the model has learnt.",
            display_name="Tangential Damping CFG",
            category="advanced/guidance",
            output=_PATCHED,
        )

    @classmethod
    def execute(cls, model: DiffusionModel) -> NodeOutput:
        changed = model.clone()
        changed.set_model_sampler_pre_cfg_function(tangentially_damped)
        return NodeOutput(changed)


class CFGZeroStar(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return _schema(
            "CFGZeroStar",
            "cfg",
            "Scales the negative prediction to where it is nearest to the positive one before the "
            "prompt guides.",
            category="advanced/guidance",
            output=_PATCHED,
        )

    @classmethod
    def execute(cls, model: DiffusionModel) -> NodeOutput:
        changed = model.clone()
        changed.set_model_sampler_post_cfg_function(zero_star)
        return NodeOutput(changed)


class CFGNorm(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return _schema(
            "CFGNorm",
            "cfg",
            "Lets no place of the guided latent be larger than it is by the positive prompt; all "
            "of it is multiplied by `strength`.",
            FLOAT.value("strength", default=1.0, minimum=0.0, maximum=100.0, step=0.01),
            category="advanced/guidance",
            output=_PATCHED,
            is_experimental=True,
        )

    @classmethod
    def execute(cls, model: DiffusionModel, strength: float) -> NodeOutput:
        changed = model.clone()
        changed.set_model_sampler_post_cfg_function(normed(strength))
        return NodeOutput(changed)


class APG(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return _schema(
            "APG",
            "apg",
            "Guidance at a large scale without its glaring colours: of the way from negative to "
            "positive only `eta` times that part counts that makes the picture more of what it is.",
            FLOAT.value(
                "eta",
                default=1.0,
                minimum=-10.0,
                maximum=10.0,
                step=0.01,
                tooltip="How much counts of what lies along the positive prediction. At 1 this is "
                "plain guidance.",
            ),
            FLOAT.value(
                "norm_threshold",
                default=5.0,
                minimum=0.0,
                maximum=50.0,
                step=0.1,
                tooltip="How long the way from negative to positive may be; 0 sets no limit.",
            ),
            FLOAT.value(
                "momentum",
                default=0.0,
                minimum=-5.0,
                maximum=1.0,
                step=0.01,
                tooltip="How much of the way of earlier steps is added to that of each; the paper "
                "takes less than 0. At 0 each step stands for itself.",
            ),
            display_name="Adaptive Projected Guidance",
            category="sampling/custom_sampling",
        )

    @classmethod
    def execute(
        cls, model: DiffusionModel, eta: float, norm_threshold: float, momentum: float
    ) -> NodeOutput:
        changed = model.clone()
        changed.set_model_sampler_pre_cfg_function(
            ProjectedGuidance(eta=eta, norm_threshold=norm_threshold, momentum=momentum)
        )
        return NodeOutput(changed)


class FreSca(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return _schema(
            "FreSca",
            "fresca",
            "Guides large shapes and details each to an extent of its own.",
            FLOAT.value(
                "scale_low",
                default=1.0,
                minimum=0,
                maximum=10,
                step=0.01,
                tooltip="For low frequencies: large shapes.",
            ),
            FLOAT.value(
                "scale_high",
                default=1.25,
                minimum=0,
                maximum=10,
                step=0.01,
                tooltip="For high frequencies: details.",
            ),
            INT.value(
                "freq_cutoff",
                default=20,
                minimum=1,
                maximum=10000,
                step=1,
                tooltip="Up to how many waves across the latent count as low.",
            ),
            category="_for_testing",
            is_experimental=True,
        )

    @classmethod
    def execute(
        cls, model: DiffusionModel, scale_low: float, scale_high: float, freq_cutoff: int
    ) -> NodeOutput:
        changed = model.clone()
        changed.set_model_sampler_pre_cfg_function(
            FrequencyScaled(low=scale_low, high=scale_high, cutoff=freq_cutoff)
        )
        return NodeOutput(changed)


class EpsilonScaling(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return _schema(
            "Epsilon Scaling",
            "eps",
            "Divides the predicted noise by a factor, against the error that builds up over the "
            "steps.",
            FLOAT.value(
                "scaling_factor",
                default=1.005,
                minimum=0.5,
                maximum=1.5,
                step=0.001,
                display="number",
            ),
            category="model_patches/unet",
        )

    @classmethod
    def execute(cls, model: DiffusionModel, scaling_factor: float) -> NodeOutput:
        changed = model.clone()
        changed.set_model_sampler_post_cfg_function(epsilon_scaled(scaling_factor))
        return NodeOutput(changed)


class TemporalScoreRescaling(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return _schema(
            "TemporalScoreRescaling",
            "eps",
            "Samples as if the model's pictures spread less (`tsr_k` above 1: smoother) or more "
            "(below 1: more detail). `tsr_sigma` is how early it begins to show.",
            FLOAT.value(
                "tsr_k", default=0.95, minimum=0.01, maximum=100.0, step=0.001, display="number"
            ),
            FLOAT.value(
                "tsr_sigma", default=1.0, minimum=0.01, maximum=100.0, step=0.001, display="number"
            ),
            display_name="TSR - Temporal Score Rescaling",
            category="model_patches/unet",
            output=_PATCHED,
        )

    @classmethod
    def execute(cls, model: DiffusionModel, tsr_k: float, tsr_sigma: float) -> NodeOutput:
        changed = model.clone()
        changed.set_model_sampler_post_cfg_function(temporally_rescaled(tsr_k, tsr_sigma))
        return NodeOutput(changed)


def _schema(
    class_type: str,
    module: str,
    description: str,
    *inputs: Input,
    display_name: str | None = None,
    category: str = "advanced/model",
    output: str = MODEL.name,
    is_experimental: bool = False,
) -> Schema:
    return Schema(
        class_type=class_type,
        display_name=display_name or class_type,
        category=category,
        description=description,
        inputs=(MODEL.input("model"), *inputs),
        outputs=(MODEL.output(output),),
        is_experimental=is_experimental,
        light=True,
        module=f"comfy_extras.nodes_{module}",
    )


NODES: tuple[type[Node], ...] = (
    RescaleCFG,
    RenormCFG,
    TCFG,
    CFGZeroStar,
    CFGNorm,
    APG,
    FreSca,
    EpsilonScaling,
    TemporalScoreRescaling,
)
