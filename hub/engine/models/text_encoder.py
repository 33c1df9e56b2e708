"""What a CLIP link carries: the text encoders of a model, and how a node asked for them."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import torch
from torch import Tensor, nn

from hub.engine.models.clip_text import ClipText
from hub.engine.models.compute import Compute, compute_for_text
from hub.engine.models.embeddings import Embeddings
from hub.engine.models.patch_forms import as_patches
from hub.engine.models.text_encoding import TextTower
from hub.engine.models.tokenizer import Tokenizer
from hub.engine.models.weights import NO_PATCHES, Patches, joined_patches

Tokens = Mapping[str, Sequence[Any]]  # per encoder its chunks


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Phase:
    """A part of the sampling, from 0 to 1, and how texts for it are encoded: with patches named as
    for `add_patches`, each with its strength."""

    start: float = 0.0
    end: float = 1.0
    changes: Sequence[tuple[Mapping[str, Any], float]] = ()


class TextEncoder:
    """Turns prompts into conditionings. Copies share their weights.

    `towers` stand in the order in which their states are joined; the last one's pooled token is
    the one that the model is told. Method names are those that node packs call.
    """

    def __init__(
        self,
        towers: Sequence[TextTower],
        embeddings: Embeddings | None = None,
        compute: Compute | None = None,
    ) -> None:
        found = embeddings or Embeddings()
        self._towers = {tower.style.key: tower for tower in towers}
        self.tokenizers: Mapping[str, Tokenizer] = {
            key: Tokenizer(tower.style, tower.weights.module.width, found)
            for key, tower in self._towers.items()
        }
        self._compute = compute or compute_for_text()
        self._layer: int | None = None
        self._patches = dict.fromkeys(self._towers, NO_PATCHES)
        self.phases: tuple[Phase, ...] = (Phase(),)
        self.hooks: Any = None  # that its conditionings carry

    def clone(self) -> Self:
        """Another one, whose layer and patches can be changed by themselves."""
        other = copy.copy(self)
        other._patches = dict(self._patches)
        return other

    @property
    def cond_stage_model(self) -> nn.Module:
        """The encoders as one module, whose parameters are named `clip_l.text_model…`."""
        return nn.ModuleDict({f"clip_{key}": module for key, module in self.encoders.items()})

    @property
    def encoders(self) -> dict[str, ClipText]:
        """By the keys that they have in tokens, in the order in which their states are joined."""
        return {key: tower.weights.module for key, tower in self._towers.items()}

    @property
    def patches(self) -> dict[str, Patches]:
        """All that each encoder has, by its own names."""
        return dict(self._patches)

    @property
    def width(self) -> int:
        """Of the joined states."""
        return sum(encoder.width for encoder in self.encoders.values())

    def clip_layer(self, layer: int) -> None:
        """Tell the model the state after another layer of every encoder: -1 is the last."""
        self._layer = layer

    def add_patches(
        self,
        patches: Mapping[str, Any],
        strength_patch: float = 1.0,
        strength_model: float = 1.0,
    ) -> list[str]:
        """Change weights, named as in `cond_stage_model`, as in `patch_forms.as_patches`; gives the
        names that there are."""
        taken: list[str] = []
        for key, tower in self._towers.items():
            known = {
                name: as_patches(
                    name, patches[f"clip_{key}.{name}"], strength_patch, strength_model
                )
                for name in tower.weights.names
                if f"clip_{key}.{name}" in patches
            }
            self._patches[key] = joined_patches(self._patches[key], known)
            taken += [f"clip_{key}.{name}" for name in known]
        return taken

    def weight(self, name: str, device: torch.device) -> Tensor:
        """The weight of that name, with its patches, in float32."""
        encoder, _, own = name.partition(".")
        key = encoder.removeprefix("clip_")
        return self._towers[key].weights.value(own, device, self._patches[key])

    def saved_weights(self) -> dict[str, dict[str, Tensor]]:
        """What files of it hold, with its patches in, by encoder and its own names."""
        return {key: tower.weights.saved(self._patches[key]) for key, tower in self._towers.items()}

    def tokenize(self, text: str, return_word_ids: bool = False, **_: Any) -> dict[str, list[Any]]:
        """The chunks of each encoder, of (token, weight) or (token, weight, word)."""
        return {
            key: tokenizer.numbered(text) if return_word_ids else tokenizer.chunks(text)
            for key, tokenizer in self.tokenizers.items()
        }

    def encode_from_tokens(
        self, tokens: Tokens, return_pooled: bool = False, return_dict: bool = False
    ) -> Any:
        """The states [1, tokens, width]; with the pooled token [1, width] if it is asked for."""
        told, pooled = self._changed(self.phases[0])._encode(tokens)
        if return_dict:
            return {"cond": told, "pooled_output": pooled}
        return (told, pooled) if return_pooled else told

    def encode_from_tokens_scheduled(
        self, tokens: Tokens, add_dict: Mapping[str, Any] | None = None
    ) -> list[list[Any]]:
        """A conditioning of one entry, or of one for each of its phases."""
        carried = {} if self.hooks is None else {"hooks": self.hooks}
        entries = []
        for phase in self.phases:
            told, pooled = self._changed(phase)._encode(tokens)
            options = {"pooled_output": pooled, **carried, **(add_dict or {})}
            if len(self.phases) > 1:
                options |= {"clip_start_percent": phase.start, "clip_end_percent": phase.end}
            entries.append([told, options])
        return entries

    def encode(self, text: str) -> Tensor:
        told: Tensor = self.encode_from_tokens(self.tokenize(text))
        return told

    def filled(self, tokens: dict[str, list[Any]]) -> dict[str, list[Any]]:
        """The same tokens, as many chunks for each encoder: those with fewer get empty ones."""
        longest = max(map(len, tokens.values()))
        return {
            key: [*chunks, *[self._towers[key].empty_chunk()] * (longest - len(chunks))]
            for key, chunks in tokens.items()
        }

    def _changed(self, phase: Phase) -> Self:
        if not phase.changes:
            return self
        changed = self.clone()
        for patches, strength in phase.changes:
            if strength:
                changed.add_patches(patches, strength)
        return changed

    def _encode(self, tokens: Tokens) -> tuple[Tensor, Tensor]:
        encoded = [
            tower.encode(_pairs(tokens[key]), self._layer, self._compute, self._patches[key])
            for key, tower in self._towers.items()
        ]
        shortest = min(told.shape[1] for told, _ in encoded)
        joined = torch.cat([told[:, :shortest] for told, _ in encoded], dim=-1)
        return joined, encoded[-1][1]


def _pairs(chunks: Sequence[Sequence[Any]]) -> list[list[Any]]:
    """Chunks whose tokens may carry the numbers of their words, without them."""
    return [[token[:2] for token in chunk] for chunk in chunks]
