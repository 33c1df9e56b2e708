"""Nodes that change what passes through a denoiser, without a change of its weights."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from torch import Tensor

from hub.engine.models.diffusion_model import DiffusionModel
from hub.engine.models.patches.freeu import FreeU as FreeLunch
from hub.engine.models.patches.hypertile import HyperTile as Tiling
from hub.engine.models.patches.token_merging import TokenMerging
from hub.nodes.api import BOOLEAN, FLOAT, INT, MODEL, Input, Node, NodeOutput, Schema, choice
from hub.nodes.latent_scaling import scaled_latent

_METHODS = ("bicubic", "nearest-exact", "bilinear", "area", "bislerp")
_FACTORS = ("b1", "b2", "s1", "s2")


class FreeU(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return _schema(
            "FreeU",
            "freelunch",
            "Strengthens what the lowest levels of the network say (b1, b2) and weakens the coarse "
            "part of what passes them by (s1, s2), which gives cleaner pictures at no cost.",
            *_factors(1.1, 1.2, 0.9, 0.2),
        )

    @classmethod
    def execute(
        cls, model: DiffusionModel, b1: float, b2: float, s1: float, s2: float
    ) -> NodeOutput:
        return _with_free_lunch(model, (b1, b2), (s1, s2), is_adaptive=False)


class FreeUV2(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return _schema(
            "FreeU_V2",
            "freelunch",
            "FreeU in its second version: strengthens the lowest levels most where they say most.",
            *_factors(1.3, 1.4, 0.9, 0.2),
        )

    @classmethod
    def execute(
        cls, model: DiffusionModel, b1: float, b2: float, s1: float, s2: float
    ) -> NodeOutput:
        return _with_free_lunch(model, (b1, b2), (s1, s2), is_adaptive=True)


class HyperTile(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return _schema(
            "HyperTile",
            "hypertile",
            "Lets the places of a picture attend to those of the same tile only, which is much "
            "faster for large pictures. Tiles change their size from step to step (`swap_size`), "
            "so that no seams show.",
            INT.value("tile_size", default=256, minimum=1, maximum=2048),
            INT.value("swap_size", default=2, minimum=1, maximum=128),
            INT.value("max_depth", default=0, minimum=0, maximum=10),
            BOOLEAN.value("scale_depth", default=False),
        )

    @classmethod
    def execute(
        cls,
        model: DiffusionModel,
        tile_size: int,
        swap_size: int,
        max_depth: int,
        scale_depth: bool,
    ) -> NodeOutput:
        tiling = Tiling(
            tile=tile_size // 8, swaps=swap_size, max_depth=max_depth, is_scaled=scale_depth
        )
        return _around_self_attention(model, tiling)


class TomePatchModel(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return _schema(
            "TomePatchModel",
            "tomesd",
            "Lets places of a picture that are alike attend as one (token merging), which is "
            "faster and costs some detail: `ratio` is how many of them are merged.",
            FLOAT.value("ratio", default=0.3, minimum=0.0, maximum=1.0, step=0.01),
        )

    @classmethod
    def execute(cls, model: DiffusionModel, ratio: float) -> NodeOutput:
        return _around_self_attention(model, TokenMerging(ratio))


class PatchModelAddDownscale(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return _schema(
            "PatchModelAddDownscale",
            "model_downscale",
            "Shrinks the picture inside the network during the first steps, so that a size beyond "
            "that of the training gives one picture and not several beside each other.",
            INT.value("block_number", default=3, minimum=1, maximum=32, step=1),
            FLOAT.value("downscale_factor", default=2.0, minimum=0.1, maximum=9.0, step=0.001),
            FLOAT.value("start_percent", default=0.0, minimum=0.0, maximum=1.0, step=0.001),
            FLOAT.value("end_percent", default=0.35, minimum=0.0, maximum=1.0, step=0.001),
            BOOLEAN.value("downscale_after_skip", default=True),
            choice("downscale_method", _METHODS),
            choice("upscale_method", _METHODS),
            display_name="PatchModelAddDownscale (Kohya Deep Shrink)",
        )

    @classmethod
    def execute(
        cls,
        model: DiffusionModel,
        block_number: int,
        downscale_factor: float,
        start_percent: float,
        end_percent: float,
        downscale_after_skip: bool,
        downscale_method: str,
        upscale_method: str,
    ) -> NodeOutput:
        levels = model.sampling.levels
        shrinking = _Shrinking(
            block=("input", block_number),
            factor=downscale_factor,
            first=levels.percent_to_sigma(start_percent),
            last=levels.percent_to_sigma(end_percent),
            method=downscale_method,
            method_back=upscale_method,
        )
        changed = model.clone()
        if downscale_after_skip:
            changed.set_model_input_block_patch_after_skip(shrinking.shrunk)
        else:
            changed.set_model_input_block_patch(shrinking.shrunk)
        changed.set_model_output_block_patch(shrinking.grown)
        return NodeOutput(changed)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Shrinking:
    """Of the picture inside the network, while first ≥ sigma ≥ last."""

    block: tuple[str, int]
    factor: float
    first: float
    last: float
    method: str
    method_back: str

    def shrunk(self, h: Tensor, told: Mapping[str, Any]) -> Tensor:
        if told["block"] != self.block or not self.first >= float(told["sigmas"][0]) >= self.last:
            return h
        height, width = (max(1, round(side / self.factor)) for side in h.shape[2:])
        return scaled_latent(h, width, height, self.method)

    def grown(self, h: Tensor, skip: Tensor, told: Mapping[str, Any]) -> tuple[Tensor, Tensor]:
        """To the size of what comes from across."""
        if h.shape[2:] != skip.shape[2:]:
            h = scaled_latent(h, skip.shape[3], skip.shape[2], self.method_back)
        return h, skip


def _factors(*defaults: float) -> tuple[Input, ...]:
    return tuple(
        FLOAT.value(name, default=default, minimum=0.0, maximum=10.0, step=0.01)
        for name, default in zip(_FACTORS, defaults, strict=True)
    )


def _with_free_lunch(
    model: DiffusionModel,
    backbone: tuple[float, float],
    skip: tuple[float, float],
    *,
    is_adaptive: bool,
) -> NodeOutput:
    channels = model.model.diffusion_model.model_channels
    changed = model.clone()
    changed.set_model_output_block_patch(
        FreeLunch(channels=channels, backbone=backbone, skip=skip, is_adaptive=is_adaptive)
    )
    return NodeOutput(changed)


def _around_self_attention(model: DiffusionModel, patch: Tiling | TokenMerging) -> NodeOutput:
    changed = model.clone()
    changed.set_model_attn1_patch(patch.before)
    changed.set_model_attn1_output_patch(patch.after)
    return NodeOutput(changed)


def _schema(
    class_type: str,
    module: str,
    description: str,
    *inputs: Input,
    display_name: str | None = None,
) -> Schema:
    return Schema(
        class_type=class_type,
        display_name=display_name or class_type,
        category="model_patches/unet",
        description=description,
        inputs=(MODEL.input("model"), *inputs),
        outputs=(MODEL.output(),),
        light=True,
        module=f"comfy_extras.nodes_{module}",
    )


NODES: tuple[type[Node], ...] = (
    FreeU,
    FreeUV2,
    HyperTile,
    TomePatchModel,
    PatchModelAddDownscale,
)
