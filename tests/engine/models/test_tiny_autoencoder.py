from pathlib import Path

import torch

from hub.engine.models.latent_formats import SD1
from hub.engine.models.tiny_autoencoder import (
    load_tiny_autoencoder,
    load_tiny_decoder,
    tiny_picture,
)
from tests.engine.models.tiny_decoders import write_halves


def test_pictures_are_those_of_the_layers_in_their_order(tmp_path: Path) -> None:
    _, decoder = write_halves(tmp_path)
    latent = torch.randn(2, 4, 5, 6)
    expected = decoder(latent[:1]).clamp(0, 1).movedim(1, -1)
    found = tiny_picture(load_tiny_decoder(tmp_path / "taesd_decoder.safetensors", SD1), latent)
    assert found.shape == (1, 40, 48, 3)
    assert torch.allclose(found, expected, atol=1e-5)


def test_latents_are_scaled_as_the_large_autoencoder_gives_them(tmp_path: Path) -> None:
    encoder, decoder = write_halves(tmp_path)
    vae = load_tiny_autoencoder("taesd", (tmp_path,))
    pixels = torch.rand(1, 16, 24, 3)
    latent = vae.encode(pixels)
    assert latent.shape == (1, 4, 2, 3)
    assert torch.allclose(SD1.process_in(latent), encoder(pixels.movedim(-1, 1)), atol=1e-4)
    expected = decoder(SD1.process_in(latent)).clamp(0, 1).movedim(1, -1)
    assert torch.allclose(vae.decode(latent), expected, atol=1e-4)
