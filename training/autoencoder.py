"""Trains the autoencoder: colours to the pixels of latents, and back.

Latents are blurred meanwhile. So the colours that pictures are drawn with move apart, and a latent
that comes only near one of them still gives exactly this colour.
"""

from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from hub.engine.models.vae import VariationalAutoencoder
from training import layout
from training.drawing import draw
from training.learning import Learning
from training.scenes import random_scene

STEPS = 250
BATCH = 8
_BLUR = 0.15
_PRIOR = 1e-3  # how strongly latents are drawn to 0


def train_autoencoder(keep: Path) -> VariationalAutoencoder:
    """Goes on from the file `keep` if it is there."""
    beginnings = layout.autoencoder(seed=1)
    learning = Learning.of(VariationalAutoencoder, beginnings, keep, steps=STEPS, rate=3e-3)
    model = learning.module
    for step in learning.remaining():
        pictures = pictures_of(range(step * BATCH, (step + 1) * BATCH))
        chance = torch.Generator().manual_seed(step)
        latents = model.encode(pictures)
        made = model.decode(latents + _BLUR * torch.randn(latents.shape, generator=chance))
        loss = functional.l1_loss(made, pictures) + functional.mse_loss(made, pictures)
        learning.learn(loss + _PRIOR * latents.square().mean())
    model.load_state_dict(learning.averages)
    return model


def pictures_of(seeds: range) -> Tensor:
    """[count, 3, 20, 20] from -1 to 1."""
    drawn = np.stack([np.asarray(draw(random_scene(seed))) for seed in seeds])
    return torch.from_numpy(drawn).movedim(-1, 1).float().div(127.5).sub(1)
