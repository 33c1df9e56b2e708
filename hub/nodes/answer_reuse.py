"""Nodes that save calls of the model where its answer would hardly change."""

from typing import ClassVar

from hub.engine.models.answer_reuse import AnswerReuse
from hub.engine.models.diffusion_model import DiffusionModel
from hub.engine.sampling.reuse import LatentSpace, NetworkSpace, Space
from hub.nodes.api import BOOLEAN, FLOAT, MODEL, Node, NodeOutput, Schema


class EasyCache(Node):
    space: ClassVar[Space] = NetworkSpace()

    @classmethod
    def define_schema(cls) -> Schema:
        return _schema(
            "EasyCache",
            "Leaves out calls of the model while the noise that it finds changes little, which "
            "is told from how fast it did before. Both prompts are left out together.",
        )

    @classmethod
    def execute(
        cls,
        model: DiffusionModel,
        reuse_threshold: float,
        start_percent: float,
        end_percent: float,
        verbose: bool,
    ) -> NodeOutput:
        reuse = AnswerReuse(
            name=cls.__name__,
            space=cls.space,
            threshold=reuse_threshold,
            start_percent=start_percent,
            end_percent=end_percent,
            verbose=verbose,
        )
        return NodeOutput(reuse.on(model))


class LazyCache(EasyCache):
    space = LatentSpace()

    @classmethod
    def define_schema(cls) -> Schema:
        return _schema(
            "LazyCache",
            "EasyCache that compares latents as the sampler sees them instead of what the network "
            "does. Mostly less exact.",
        )


def _schema(class_type: str, description: str) -> Schema:
    return Schema(
        class_type=class_type,
        display_name=class_type,
        category="advanced/debug/model",
        description=description,
        inputs=(
            MODEL.input("model"),
            FLOAT.value(
                "reuse_threshold",
                default=0.2,
                minimum=0.0,
                maximum=3.0,
                step=0.01,
                tooltip="To what part of itself the change of the answers may add up.",
            ),
            FLOAT.value(
                "start_percent",
                default=0.15,
                minimum=0.0,
                maximum=1.0,
                step=0.01,
                tooltip="From which part of the sampling on calls are left out.",
            ),
            FLOAT.value(
                "end_percent",
                default=0.95,
                minimum=0.0,
                maximum=1.0,
                step=0.01,
                tooltip="Up to which part of the sampling.",
            ),
            BOOLEAN.value(
                "verbose", default=False, tooltip="Tells the log how many calls were saved."
            ),
        ),
        outputs=(MODEL.output(),),
        is_experimental=True,
        light=True,
        module="comfy_extras.nodes_easycache",
    )


NODES: tuple[type[Node], ...] = (EasyCache, LazyCache)
