from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from hub.engine.models.checkpoint import VAE, load_autoencoder
from hub.engine.models.diffusers_vae import in_first_names
from hub.engine.models.model_file import below, read_tensors
from tests.engine.models.diffusers_files import NEW, OLD, saved_by_diffusers


@pytest.mark.parametrize("attention", [NEW, OLD])
def test_a_file_of_diffusers_decodes_and_encodes_the_same(
    attention: dict[str, str], tiny_file: Path, tmp_path: Path
) -> None:
    ours = below(read_tensors(tiny_file), VAE)
    theirs = dict(saved_by_diffusers(*pair, attention) for pair in ours.items())
    save_file(theirs, tmp_path / "vae.safetensors")
    expected, found = load_autoencoder(tiny_file), load_autoencoder(tmp_path / "vae.safetensors")
    latent, picture = torch.randn(1, 4, 4, 3), torch.rand(1, 16, 24, 3)
    assert torch.equal(found.decode(latent), expected.decode(latent))
    assert torch.equal(found.encode(picture), expected.encode(picture))


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("encoder.down_blocks.2.downsamplers.0.conv.bias", "encoder.down.2.downsample.conv.bias"),
        ("decoder.mid_block.attentions.0.to_out.0.bias", "decoder.mid.attn_1.proj_out.bias"),
        ("decoder.up_blocks.0.resnets.1.norm2.bias", "decoder.up.0.block.1.norm2.bias"),
        ("quant_conv.bias", "quant_conv.bias"),
    ],
)
def test_layers_have_these_names(theirs: str, ours: str) -> None:
    (found,) = in_first_names({theirs: torch.ones(1)})
    assert found == ours
