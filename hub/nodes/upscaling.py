"""Nodes that make pictures larger with a model."""

from torch import Tensor

from hub.engine.models.devices import CPU, is_out_of_memory, main_device, release_unused
from hub.engine.models.tiling import spans, steps, tiled
from hub.nodes.api import IMAGE, IoType, Node, NodeOutput, Schema, context, file_choice
from hub.nodes.resampling import with_channels
from hub.nodes.upscale_models import UpscaleModel, load_upscale_model

UPSCALE_MODEL = IoType("UPSCALE_MODEL")
_MODULE = "comfy_extras.nodes_upscale_model"
_TILE, _SMALLEST_TILE, _OVERLAP = 512, 128, 32


class UpscaleModelLoader(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="UpscaleModelLoader",
            display_name="Load Upscale Model",
            category="loaders",
            description=(
                "Loads a model that makes pictures larger, such as RealESRGAN, from the folders "
                "for upscale_models. Needs the Python package spandrel."
            ),
            inputs=(file_choice("model_name", "upscale_models"),),
            outputs=(UPSCALE_MODEL.output(),),
            module=_MODULE,
        )

    @classmethod
    def execute(cls, model_name: str) -> NodeOutput:
        return NodeOutput(load_upscale_model(context().model_file("upscale_models", model_name)))


class ImageUpscaleWithModel(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="ImageUpscaleWithModel",
            display_name="Upscale Image (using Model)",
            category="image/upscaling",
            description=(
                "Makes pictures larger with a model, by the factor that the model is made for. "
                "They go through it in tiles, smaller ones if memory does not suffice."
            ),
            inputs=(UPSCALE_MODEL.input("upscale_model"), IMAGE.input("image")),
            outputs=(IMAGE.output(),),
            module=_MODULE,
        )

    @classmethod
    def execute(cls, upscale_model: UpscaleModel, image: Tensor) -> NodeOutput:
        samples = with_channels(image, upscale_model.input_channels).movedim(-1, 1)
        upscale_model.to(main_device())
        try:
            result = _in_tiles_that_fit(upscale_model, samples)
        finally:
            upscale_model.to(CPU)
            release_unused()
        return NodeOutput(result.movedim(1, -1).clamp_(0, 1))


def _in_tiles_that_fit(model: UpscaleModel, samples: Tensor) -> Tensor:
    tile = _TILE
    while True:
        try:
            return _in_tiles(model, samples, tile)
        except (RuntimeError, MemoryError) as error:
            if not is_out_of_memory(error) or tile == _SMALLEST_TILE:
                raise
        tile //= 2
        release_unused()  # here, as the error holds on to what did not fit


def _in_tiles(model: UpscaleModel, samples: Tensor, tile: int) -> Tensor:
    axes = [spans(size, tile, _OVERLAP, lambda at: at * model.scale) for size in samples.shape[2:]]
    total, done = len(samples) * steps(axes), 0

    def count() -> None:
        nonlocal done
        done += 1
        context().progress(done, total)

    context().progress(0, total)
    return tiled(
        samples,
        lambda part: model(part.to(model.device)),
        axes,
        channels=model.output_channels,
        device=CPU,
        done=count,
    )


NODES: tuple[type[Node], ...] = (ImageUpscaleWithModel, UpscaleModelLoader)
