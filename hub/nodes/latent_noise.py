"""Nodes that make the noise which sampling starts from, and add it to latents."""

from torch import Tensor

from hub.engine.models.diffusion_model import DiffusionModel
from hub.engine.models.sampling_run import NoiseSource, NoNoise, SeededNoise
from hub.nodes.api import INT, LATENT, MODEL, NOISE, SIGMAS, Node, NodeOutput, Schema
from hub.nodes.latents import Latent

_CATEGORY = "sampling/custom_sampling/noise"
_MODULE = "comfy_extras.nodes_custom_sampler"


class RandomNoise(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="RandomNoise",
            display_name="RandomNoise",
            category=_CATEGORY,
            description="The noise of a seed, which is the same on every machine.",
            inputs=(
                INT.value(
                    "noise_seed",
                    default=0,
                    minimum=0,
                    maximum=2**64 - 1,
                    control_after_generate=True,
                ),
            ),
            outputs=(NOISE.output(),),
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(cls, noise_seed: int) -> NodeOutput:
        return NodeOutput(SeededNoise(noise_seed))


class DisableNoise(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="DisableNoise",
            display_name="DisableNoise",
            category=_CATEGORY,
            description="No noise, for latents that have theirs already.",
            outputs=(NOISE.output(),),
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(cls) -> NodeOutput:
        return NodeOutput(NoNoise())


class AddNoise(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="AddNoise",
            display_name="AddNoise",
            category="_for_testing/custom_sampling/noise",
            description=(
                "Adds noise to a latent: as much as lies between the first and the last level of a "
                "schedule."
            ),
            inputs=(
                MODEL.input("model"),
                NOISE.input("noise"),
                SIGMAS.input("sigmas"),
                LATENT.input("latent_image"),
            ),
            outputs=(LATENT.output(),),
            light=True,
            is_experimental=True,
            module=_MODULE,
        )

    @classmethod
    def execute(
        cls, model: DiffusionModel, noise: NoiseSource, sigmas: Tensor, latent_image: Latent
    ) -> NodeOutput:
        if len(sigmas) == 0:
            return NodeOutput(latent_image)
        amount = (sigmas[0] - sigmas[-1]).abs() if len(sigmas) > 1 else sigmas[0]
        form, samples = model.latent_format, latent_image["samples"]
        latent = form.process_in(samples) if samples.count_nonzero() else samples
        drawn = noise.generate_noise(latent_image).to(latent)
        noised = model.sampling.prediction.noised(latent, drawn, amount)
        made = form.process_out(noised).nan_to_num(nan=0.0, posinf=0.0, neginf=0.0)
        return NodeOutput({**latent_image, "samples": made})


NODES: tuple[type[Node], ...] = (RandomNoise, DisableNoise, AddNoise)
