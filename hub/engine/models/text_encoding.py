"""Which text encoders a family has, and which of their states it is told.

A prompt is cut into chunks of 77 tokens, each with start, end and padding, that are encoded side by
side and put behind each other again.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from hub.engine.models.clip_text import ClipText, TextStates
from hub.engine.models.compute import Compute
from hub.engine.models.tokens import END, START
from hub.engine.models.weights import Patches, Weights

CHUNK = 77
Token = int | Tensor  # an id, or a row of an embedding file
WeightedToken = tuple[Token, float]
Chunk = Sequence[WeightedToken]


@dataclass(frozen=True, kw_only=True, slots=True)
class TextStyle:
    """How a family reads one encoder.

    `key` is the encoder's name in tokens. `layer` counts from the end, None is the last one with
    the final norm; others have it only if `is_normed`.
    """

    key: str
    padding: int = END
    layer: int | None = None
    is_normed: bool = True
    is_projected: bool = False

    def state(self, states: TextStates, layer: int | None, model: ClipText) -> Tensor:
        """The state to tell; `layer` was asked for, if any was. One beyond the first is ignored."""
        wanted = self.layer if layer is None else layer
        if wanted is None or abs(wanted) > model.layer_count:
            return states.last
        hidden = states.hidden[wanted]
        return model.text_model.final_layer_norm(hidden) if self.is_normed else hidden


SD1_TEXT = TextStyle(key="l")
SD2_TEXT = TextStyle(key="h", padding=0, layer=-2, is_projected=True)
SDXL_L_TEXT = TextStyle(key="l", layer=-2, is_normed=False)
SDXL_G_TEXT = TextStyle(key="g", padding=0, layer=-2, is_normed=False, is_projected=True)


@dataclass(frozen=True, slots=True)
class TextTower:
    """One encoder of a family."""

    style: TextStyle
    weights: Weights[ClipText]

    def encode(
        self, chunks: Sequence[Chunk], layer: int | None, compute: Compute, patches: Patches
    ) -> tuple[Tensor, Tensor]:
        """States [1, tokens, width] and the pooled token [1, width] of the first chunk.

        Where a token has a weight, its state is moved so much farther from that which the token in
        its place has in an empty prompt.
        """
        with self.weights.placed(compute, patches) as model, torch.no_grad():
            return self._encoded(model, chunks, layer, compute)

    def _encoded(
        self, model: ClipText, chunks: Sequence[Chunk], layer: int | None, compute: Compute
    ) -> tuple[Tensor, Tensor]:
        is_weighted = any(weight != 1.0 for chunk in chunks for _, weight in chunk)
        all_chunks = [*chunks, self.empty_chunk()] if is_weighted else list(chunks)
        states = self._states(model, all_chunks, compute)
        told = self.style.state(states, layer, model).float()
        pooled = states.pooled[:1]
        if self.style.is_projected:
            pooled = model.projected(pooled)
        if is_weighted:
            weights = torch.tensor([[w for _, w in chunk] for chunk in chunks]).to(told)
            empty = told[-1:]
            told = empty + (told[:-1] - empty) * weights[..., None]
        return told.flatten(0, 1)[None].cpu(), pooled.float().cpu()

    def empty_chunk(self) -> Chunk:
        padding = [(self.style.padding, 1.0)] * (CHUNK - 2)
        return [(START, 1.0), (END, 1.0), *padding]

    def _states(self, model: ClipText, chunks: Sequence[Chunk], compute: Compute) -> TextStates:
        tokens = [[token for token, _ in chunk] for chunk in chunks]
        ids = [[token if isinstance(token, int) else -1 for token in row] for row in tokens]
        numbers = torch.tensor(ids, device=compute.device)
        rows = model.rows(numbers.clamp(min=0)).to(compute.dtype)
        for number, row in enumerate(tokens):
            for place, token in enumerate(row):
                if isinstance(token, Tensor):
                    rows[number, place] = token.to(rows)
        return model(rows, (numbers == END).int().argmax(dim=-1))
