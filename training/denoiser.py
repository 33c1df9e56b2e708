"""Trains the denoiser, and the text encoder with it, on latents of drawn scenes."""

from dataclasses import dataclass
from pathlib import Path
from random import Random

import torch
from torch import Tensor, nn

from hub.engine.models.clip_text import ClipText
from hub.engine.models.shapes import Shapes
from hub.engine.models.text_encoding import CHUNK
from hub.engine.models.unet import UNet
from hub.engine.sampling.noise_levels import stable_diffusion
from training import layout
from training.learning import Learning
from training.scenes import Scene, caption, empty_caption
from training.vocabulary import UNKNOWN, Vocabulary

STEPS = 1200
HORIZON = 1400
BATCH = 16
_UNGUIDED = 0.1  # how often the text says nothing
_FOREIGN = 0.1  # how often a word stands in it that the model does not know
_STRESS = 5.0  # the weight of a level is bounded by this ratio of signal to noise


class Painter(nn.Module):
    """What is trained together."""

    def __init__(self, shapes: Shapes) -> None:
        super().__init__()
        self.unet = UNet(shapes.below("unet"))
        self.text = ClipText(shapes.below("text"))

    def forward(self, x: Tensor, timesteps: Tensor, words: Tensor, ends: Tensor) -> Tensor:
        told = self.text(self.text.rows(words), ends).last
        noise: Tensor = self.unet(x, timesteps, told)
        return noise


@dataclass(frozen=True, slots=True)
class Shown:
    """Scenes, and the latents of their pictures as the denoiser sees them."""

    scenes: list[Scene]
    latents: Tensor


def train_denoiser(shown: Shown, vocabulary: Vocabulary, keep: Path) -> dict[str, Tensor]:
    """The averaged weights, named `unet.…` and `text.…`. Goes on from the file `keep` if it is
    there."""
    learning = Learning.of(
        Painter, _beginnings(vocabulary), keep, steps=STEPS, rate=1.5e-3, horizon=HORIZON
    )
    table = learning.module.text.text_model.embeddings.token_embedding.weight
    signal = 1 / (1 + stable_diffusion().table.square())  # the variance that is the picture's
    for step in learning.remaining():
        chance = torch.Generator().manual_seed(step)
        picked = torch.randint(len(shown.scenes), (BATCH,), generator=chance)
        words, ends = _texts(shown.scenes, picked, vocabulary, Random(step))
        timesteps = torch.randint(len(signal), (BATCH,), generator=chance)
        clean = shown.latents[picked]
        noise = torch.randn(clean.shape, generator=chance)
        part = signal[timesteps][:, None, None, None]
        noisy = part.sqrt() * clean + (1 - part).sqrt() * noise
        error = (learning.module(noisy, timesteps, words, ends) - noise).square()
        ratio = part / (1 - part)
        # Hang et al. 2023: levels with hardly any noise would otherwise take most of the effort.
        learning.learn((error * ratio.clamp(max=_STRESS) / ratio).mean())
        with torch.no_grad():
            table[UNKNOWN] = 0  # a word that was never seen says nothing
    return learning.averages


def _beginnings(vocabulary: Vocabulary) -> dict[str, Tensor]:
    text = layout.text_encoder(seed=2, words=len(vocabulary), places=CHUNK)
    text["text_model.embeddings.token_embedding.weight"][UNKNOWN] = 0
    unet = layout.denoiser(seed=3)
    return {f"unet.{name}": value for name, value in unet.items()} | {
        f"text.{name}": value for name, value in text.items()
    }


def _texts(
    scenes: list[Scene], picked: Tensor, vocabulary: Vocabulary, chance: Random
) -> tuple[Tensor, Tensor]:
    """The words of a caption of each, and where it ends."""
    rows = []
    for number in picked.tolist():
        says_nothing = chance.random() < _UNGUIDED
        text = empty_caption(chance) if says_nothing else caption(scenes[number], chance)
        words = vocabulary.words(text)
        if chance.random() < _FOREIGN:
            words.insert(chance.randint(1, vocabulary.end_of(words)), UNKNOWN)
        rows.append(words[:CHUNK])
    return torch.tensor(rows), torch.tensor([vocabulary.end_of(row) for row in rows])
