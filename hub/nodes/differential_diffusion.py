"""Masks in shades of grey, by which places change more or less."""

from hub.engine.models.diffusion_model import DiffusionModel
from hub.engine.models.patches.differential_diffusion import GradualMask
from hub.nodes.api import FLOAT, MODEL, Node, NodeOutput, Schema


class DifferentialDiffusion(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="DifferentialDiffusion",
            display_name="Differential Diffusion",
            category="_for_testing",
            description=(
                "Has the noise mask of a latent say how much each place may change: white places "
                "change in all steps, darker ones in the last steps only."
            ),
            inputs=(
                MODEL.input("model"),
                FLOAT.value(
                    "strength", default=1.0, minimum=0.0, maximum=1.0, step=0.01, optional=True
                ),
            ),
            outputs=(MODEL.output(),),
            is_experimental=True,
            light=True,
            module="comfy_extras.nodes_differential_diffusion",
        )

    @classmethod
    def execute(cls, model: DiffusionModel, strength: float = 1.0) -> NodeOutput:
        changed = model.clone()
        changed.set_model_denoise_mask_function(GradualMask(strength))
        return NodeOutput(changed)


NODES: tuple[type[Node], ...] = (DifferentialDiffusion,)
