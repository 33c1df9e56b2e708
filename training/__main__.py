"""Trains the small model anew: `python -m training FOLDER`.

The folder keeps what was reached, so that an interrupted training goes on; its result is a file for
models/checkpoints.
"""

from argparse import ArgumentParser
from pathlib import Path
from random import Random

import torch
from safetensors.torch import save_file

from hub.engine.models.vae import VariationalAutoencoder
from training.autoencoder import pictures_of, train_autoencoder
from training.denoiser import Shown, train_denoiser
from training.latents import latents_of, settle
from training.layout import enlarged
from training.scenes import caption, empty_caption, random_scene
from training.vocabulary import Vocabulary

NAME = "pixel_scenes.safetensors"
SCENES = range(8192)
_WORDS = "text_model.embeddings.token_embedding.weight"


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)  # the order of sums, and so the result, depends on it
    autoencoder = train_autoencoder(folder / "autoencoder.pt")
    with torch.no_grad():
        settle(autoencoder, pictures_of(SCENES[:1024]))
        latents = latents_of(autoencoder, SCENES)
    scenes = [random_scene(seed) for seed in SCENES]
    vocabulary = vocabulary_of_scenes()
    painter = train_denoiser(Shown(scenes, latents), vocabulary, folder / "denoiser.pt")
    save(autoencoder, painter, vocabulary, folder / NAME)


def vocabulary_of_scenes() -> Vocabulary:
    chance = Random(0)
    texts = [caption(random_scene(seed), chance) for seed in SCENES]
    return Vocabulary([*texts, *(empty_caption(chance) for _ in range(100))])


def save(
    autoencoder: VariationalAutoencoder,
    painter: dict[str, torch.Tensor],
    vocabulary: Vocabulary,
    path: Path,
) -> None:
    """One file in the layout of Stable Diffusion 1, in half precision."""
    pictures = enlarged(autoencoder.state_dict())
    tensors = {f"first_stage_model.{name}": tensor for name, tensor in pictures.items()}
    for name, tensor in painter.items():
        part, _, own = name.partition(".")
        if own == _WORDS:
            tensor = vocabulary.table(tensor)
        tensors[_PREFIXES[part] + own] = tensor
    halves = {name: tensor.detach().half().contiguous() for name, tensor in tensors.items()}
    save_file(halves, path, metadata={"format": "pt", "license": "Apache-2.0"})
    print(f"{path}: {path.stat().st_size / 1e6:.1f} MB")


_PREFIXES = {"unet": "model.diffusion_model.", "text": "cond_stage_model.transformer."}


if __name__ == "__main__":
    parser = ArgumentParser(prog="python -m training", description="Trains the small model anew.")
    parser.add_argument("folder", type=Path, help="what was reached is kept there, and the result")
    main(parser.parse_args().folder)
