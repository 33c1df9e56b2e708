"""Nodes that say how a model is sampled, where its file does not."""

from hub.engine.models.diffusion_model import DiffusionModel
from hub.engine.models.latent_formats import PLAYGROUND
from hub.engine.sampling.consistency import Consistency, Distilled
from hub.engine.sampling.model_sampling import ModelSampling
from hub.engine.sampling.noise_levels import (
    ContinuousEdm,
    ContinuousVelocity,
    NoiseLevels,
    stable_diffusion,
)
from hub.engine.sampling.prediction import Clean, Edm, Epsilon, Prediction, Restored, Velocity
from hub.nodes.api import BOOLEAN, FLOAT, MODEL, Input, Node, NodeOutput, Schema, choice
from hub.nodes.model_loading import NotOfferedYet

_DISCRETE: dict[str, Prediction] = {
    "eps": Epsilon(),
    "v_prediction": Velocity(),
    "x0": Clean(),
    "img_to_img": Restored(),
}
_MODULE = "comfy_extras.nodes_model_advanced"
_CONSISTENCY = "lcm"
_EDM_DEVIATION = 0.5  # of the latents on which EDM models are trained
_PLAYGROUND = "edm_playground_v2.5"
_CONTINUOUS: dict[str, Prediction] = {
    "v_prediction": Velocity(),
    "edm": Edm(_EDM_DEVIATION),
    _PLAYGROUND: Edm(_EDM_DEVIATION),
    "eps": Epsilon(),
}
_COSMOS = "cosmos_rflow"


class ModelSamplingDiscrete(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        names = ("eps", "v_prediction", _CONSISTENCY, "x0", "img_to_img")
        return Schema(
            class_type="ModelSamplingDiscrete",
            display_name="ModelSamplingDiscrete",
            category="advanced/model",
            description=(
                "Says what a model of Stable Diffusion predicts: the noise, velocity, the clean "
                "latent, or what a latent consistency model does; and, with `zsnr`, that it was "
                "trained up to pure noise."
            ),
            inputs=(
                MODEL.input("model"),
                choice("sampling", names),
                BOOLEAN.value("zsnr", default=False),
            ),
            outputs=(MODEL.output(),),
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(cls, model: DiffusionModel, sampling: str, zsnr: bool) -> NodeOutput:
        levels: NoiseLevels = stable_diffusion(zero_terminal_snr=zsnr)
        if sampling != _CONSISTENCY:
            return _sampled_by(model, _DISCRETE[sampling], levels)
        levels = Distilled(levels)
        return _sampled_by(model, Consistency(levels=levels), levels)


class ModelSamplingContinuousEDM(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        names = ("v_prediction", "edm", _PLAYGROUND, "eps", _COSMOS)
        return Schema(
            class_type="ModelSamplingContinuousEDM",
            display_name="ModelSamplingContinuousEDM",
            category="advanced/model",
            description="Says that a model knows all noise levels between two, as EDM models do.",
            inputs=(
                MODEL.input("model"),
                choice("sampling", names),
                _level("sigma_max", 120.0),
                _level("sigma_min", 0.002),
            ),
            outputs=(MODEL.output(),),
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(
        cls, model: DiffusionModel, sampling: str, sigma_max: float, sigma_min: float
    ) -> NodeOutput:
        if sampling == _COSMOS:
            raise NotOfferedYet("ModelSamplingContinuousEDM", sampling, "the others")
        changed = _sampled_by(model, _CONTINUOUS[sampling], ContinuousEdm(sigma_min, sigma_max))
        if sampling == _PLAYGROUND:
            changed.values[0].add_object_patch("latent_format", PLAYGROUND)
        return changed


class ModelSamplingContinuousV(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="ModelSamplingContinuousV",
            display_name="ModelSamplingContinuousV",
            category="advanced/model",
            description=(
                "Says that a model predicts velocity, and knows noise levels by the angle between "
                "signal and noise."
            ),
            inputs=(
                MODEL.input("model"),
                choice("sampling", ("v_prediction",)),
                _level("sigma_max", 500.0),
                _level("sigma_min", 0.03),
            ),
            outputs=(MODEL.output(),),
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(
        cls, model: DiffusionModel, sampling: str, sigma_max: float, sigma_min: float
    ) -> NodeOutput:
        return _sampled_by(model, Velocity(), ContinuousVelocity(sigma_min, sigma_max))


def _level(name: str, default: float) -> Input:
    return FLOAT.value(name, default=default, minimum=0.0, maximum=1000.0, step=0.001)


def _sampled_by(model: DiffusionModel, prediction: Prediction, levels: NoiseLevels) -> NodeOutput:
    changed = model.clone()
    changed.add_object_patch("model_sampling", ModelSampling(prediction, levels))
    return NodeOutput(changed)


NODES: tuple[type[Node], ...] = (
    ModelSamplingDiscrete,
    ModelSamplingContinuousEDM,
    ModelSamplingContinuousV,
)
