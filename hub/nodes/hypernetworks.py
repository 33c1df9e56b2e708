"""The node that puts a hypernetwork on a model."""

from hub.engine.models.diffusion_model import DiffusionModel
from hub.engine.models.hypernetwork_file import load_hypernetwork
from hub.nodes.api import FLOAT, MODEL, Node, NodeOutput, Schema, context, file_choice


class HypernetworkLoader(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="HypernetworkLoader",
            display_name="HypernetworkLoader",
            category="loaders",
            description=(
                "Puts a hypernetwork on a denoiser: small networks, as they were trained for "
                "Stable Diffusion 1 before there were LoRAs, that change what it attends to. "
                "Several can be put on after each other."
            ),
            inputs=(
                MODEL.input("model", tooltip="The denoiser that it changes."),
                file_choice("hypernetwork_name", "hypernetworks", tooltip="The file (.pt)."),
                FLOAT.value(
                    "strength",
                    default=1.0,
                    minimum=-10.0,
                    maximum=10.0,
                    step=0.01,
                    tooltip="How much of its change the denoiser gets.",
                ),
            ),
            outputs=(MODEL.output(),),
            module="comfy_extras.nodes_hypernetwork",
        )

    @classmethod
    def execute(cls, model: DiffusionModel, hypernetwork_name: str, strength: float) -> NodeOutput:
        if not strength:
            return NodeOutput(model)
        path = context().model_file("hypernetworks", hypernetwork_name)
        return NodeOutput(load_hypernetwork(path).put_on(model, strength))


NODES: tuple[type[Node], ...] = (HypernetworkLoader,)
