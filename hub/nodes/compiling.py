"""A node that has torch compile a model's network."""

from hub.engine.models.diffusion_model import DiffusionModel
from hub.nodes.api import MODEL, Node, NodeOutput, Schema, choice


class TorchCompileModel(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="TorchCompileModel",
            display_name="TorchCompileModel",
            category="_for_testing",
            description=(
                "Has torch compile the network: the first picture of each size takes a minute or "
                "more longer, and those after it less. It pays on a GPU."
            ),
            inputs=(MODEL.input("model"), choice("backend", ("inductor", "cudagraphs"))),
            outputs=(MODEL.output(),),
            light=True,
            is_experimental=True,
            module="comfy_extras.nodes_torch_compile",
        )

    @classmethod
    def execute(cls, model: DiffusionModel, backend: str) -> NodeOutput:
        compiled = model.clone()
        compiled.compiled_by = backend
        return NodeOutput(compiled)


NODES = (TorchCompileModel,)
