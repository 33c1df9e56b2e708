"""Nodes that put latents beside each other, cut them, and make batches of them."""

from collections.abc import Sequence
from typing import Any

import torch

from hub.engine.models.rows import repeated
from hub.nodes.api import INT, LATENT, Node, NodeOutput, Schema, choice
from hub.nodes.latent_arithmetic import fitted

Latent = dict[str, Any]
_MODULE = "comfy_extras.nodes_latent"
_DIMENSIONS = {"x": -1, "y": -2, "t": -3}
_LARGEST_SIDE = 16384
_SEEDS = ("random", "fixed")


class LatentConcat(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="LatentConcat",
            display_name="LatentConcat",
            category="latent/advanced",
            description=(
                "Puts the second latent behind the first: on the right, below, or later. With a "
                "minus sign it goes before."
            ),
            inputs=(
                LATENT.input("samples1"),
                LATENT.input("samples2"),
                choice("dim", tuple(f"{sign}{name}" for name in _DIMENSIONS for sign in ("", "-"))),
            ),
            outputs=(LATENT.output(),),
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(cls, samples1: Latent, samples2: Latent, dim: str) -> NodeOutput:
        first = samples1["samples"]
        parts = [first, repeated(samples2["samples"], len(first))]
        if dim.startswith("-"):
            parts.reverse()
        joined = torch.cat(parts, dim=_DIMENSIONS[dim.removeprefix("-")])
        return NodeOutput({**samples1, "samples": joined})


class LatentCut(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="LatentCut",
            display_name="LatentCut",
            category="latent/advanced",
            description=(
                "Cuts a strip out of latents, in latent pixels. A negative index counts from the "
                "end."
            ),
            inputs=(
                LATENT.input("samples"),
                choice("dim", tuple(_DIMENSIONS)),
                INT.value(
                    "index", default=0, minimum=-_LARGEST_SIDE, maximum=_LARGEST_SIDE, step=1
                ),
                INT.value("amount", default=1, minimum=1, maximum=_LARGEST_SIDE, step=1),
            ),
            outputs=(LATENT.output(),),
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(cls, samples: Latent, dim: str, index: int, amount: int) -> NodeOutput:
        latent, dimension = samples["samples"], _DIMENSIONS[dim]
        size = latent.shape[dimension]
        first = min(index, size - 1) if index >= 0 else max(size + index, 0)
        strip = latent.narrow(dimension, first, min(amount, size - first))
        return NodeOutput({**samples, "samples": strip.clone()})


class LatentBatch(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="LatentBatch",
            display_name="LatentBatch",
            category="latent/batch",
            description="One batch of two; the second's latents come to the size of the first's.",
            inputs=(LATENT.input("samples1"), LATENT.input("samples2")),
            outputs=(LATENT.output(),),
            is_deprecated=True,
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(cls, samples1: Latent, samples2: Latent) -> NodeOutput:
        return NodeOutput(joined([samples1, samples2]))


class LatentBatchSeedBehavior(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="LatentBatchSeedBehavior",
            display_name="LatentBatchSeedBehavior",
            category="latent/advanced",
            description="Gives all latents of a batch the same noise, or each its own.",
            inputs=(LATENT.input("samples"), choice("seed_behavior", _SEEDS, default="fixed")),
            outputs=(LATENT.output(),),
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(cls, samples: Latent, seed_behavior: str) -> NodeOutput:
        rest = {name: value for name, value in samples.items() if name != "batch_index"}
        if seed_behavior == "random":
            return NodeOutput(rest)
        return NodeOutput({**rest, "batch_index": [_places(samples)[0]] * len(samples["samples"])})


def joined(latents: Sequence[Latent]) -> Latent:
    """One batch of several, in the size of the first; each latent keeps its noise."""
    first = latents[0]["samples"]
    alike = [
        fitted(latent["samples"], first[:1].expand(len(latent["samples"]), *first.shape[1:]))
        for latent in latents
    ]
    places = [place for latent in latents for place in _places(latent)]
    return {**latents[0], "samples": torch.cat(alike), "batch_index": places}


def _places(latent: Latent) -> list[int]:
    """Which noise each latent of a batch gets."""
    places: list[int] = latent.get("batch_index", list(range(len(latent["samples"]))))
    return places


NODES: tuple[type[Node], ...] = (LatentConcat, LatentCut, LatentBatch, LatentBatchSeedBehavior)
