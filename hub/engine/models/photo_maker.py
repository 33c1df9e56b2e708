"""What a PHOTOMAKER link carries: a network that puts people of pictures into prompts."""

from typing import Any

import torch
from torch import Tensor

from hub.engine.models.class_word import classed_tokens
from hub.engine.models.compute import Compute, compute_for_text
from hub.engine.models.id_encoder import IdEncoder
from hub.engine.models.text_encoder import TextEncoder
from hub.engine.models.vision_encoder import looked_at
from hub.engine.models.weights import Weights
from hub.errors import Invalid


class OtherTextEncoders(Invalid):
    """The texts are not those that the network was trained with."""

    def __init__(self, wanted: int, found: int) -> None:
        super().__init__(
            f"This PhotoMaker was trained with texts of the width {wanted}, and those of the clip "
            f"input have {found}. PhotoMaker is for Stable Diffusion XL: link the text encoders "
            "of such a checkpoint, or load both with DualCLIPLoader."
        )


class PhotoMaker:
    def __init__(self, weights: Weights[IdEncoder], compute: Compute | None = None) -> None:
        self._weights = weights
        self._compute = compute or compute_for_text()

    @property
    def width(self) -> int:
        """Of the texts that it goes with."""
        return self._weights.module.fuse_module.width

    def encode(self, text: str, image: Tensor, encoder: TextEncoder) -> list[list[Any]]:
        """A conditioning of a text with who is on pictures [batch, height, width, channels] in its
        class word; a text without the trigger says nothing of them.

        Raises `OtherTextEncoders`, and what `classed_tokens` raises.
        """
        if encoder.width != self.width:
            raise OtherTextEncoders(self.width, encoder.width)
        classed = classed_tokens(text, encoder, len(image))
        if classed is None:
            return encoder.encode_from_tokens_scheduled(encoder.tokenize(text))
        told = encoder.encode_from_tokens_scheduled(classed.tokens)
        return self._fused(told, image, classed.places)

    def _fused(
        self, conditioning: list[list[Any]], image: Tensor, places: list[int]
    ) -> list[list[Any]]:
        """Each picture in the token at its place."""
        device, dtype = self._compute.device, self._compute.dtype
        with self._weights.placed(self._compute) as model, torch.no_grad():
            people = model.people(looked_at(image, model.size).to(device, dtype))
            fused = []
            for told, options in conditioning:
                words = model.fuse_module(told[0, places].to(device, dtype), people)
                states = told.index_copy(1, torch.tensor(places), words[None].to(told))
                fused.append([states, options])
        return fused
