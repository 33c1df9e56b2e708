from functools import cache

import pytest
import torch

from hub.engine.models.diffusers_layout import in_first_names
from hub.engine.models.diffusers_names import diffusers_names, layers_of
from hub.engine.models.model_file import below
from hub.engine.models.unet import UNet
from hub.engine.models.weights import mapped
from tests.engine.models.seeded_checkpoint import UNET, Drawer, UNetDrawer, UNetSizes

FIRST = UNetSizes(channels=32, text=8, multiples=(1, 2, 4, 4), depths=(1, 1, 1, 0), blocks=2)
XL = UNetSizes(
    channels=32, text=8, multiples=(1, 2, 4), depths=(0, 1, 2), blocks=2, labels=8, is_linear=True
)


@cache
def names(*, is_xl: bool) -> tuple[UNet, dict[str, str]]:
    drawer = Drawer()
    UNetDrawer(drawer, XL if is_xl else FIRST).draw()
    tensors = {name: torch.from_numpy(values) for name, values in drawer.tensors.items()}
    unet = mapped("denoiser", UNet, below(tensors, UNET)).module
    return unet, diffusers_names(unet)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("input_blocks.0.0", "conv_in"),
        ("input_blocks.3.0.op", "down_blocks.0.downsamplers.0.conv"),
        ("input_blocks.8.1.proj_in", "down_blocks.2.attentions.1.proj_in"),
        ("input_blocks.11.0.in_layers.2", "down_blocks.3.resnets.1.conv1"),
        ("middle_block.2.out_layers.3", "mid_block.resnets.1.conv2"),
        ("output_blocks.2.1.conv", "up_blocks.0.upsamplers.0.conv"),
        ("output_blocks.3.1.norm", "up_blocks.1.attentions.0.norm"),
        ("output_blocks.5.2.conv", "up_blocks.1.upsamplers.0.conv"),
        ("output_blocks.11.0.skip_connection", "up_blocks.3.resnets.2.conv_shortcut"),
        ("out.2", "conv_out"),
    ],
)
def test_layers_of_the_first_have_these_names(ours: str, theirs: str) -> None:
    assert names(is_xl=False)[1][ours] == theirs


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("label_emb.0.2", "add_embedding.linear_2"),
        ("input_blocks.2.0.emb_layers.1", "down_blocks.0.resnets.1.time_emb_proj"),
        (
            "input_blocks.7.1.transformer_blocks.1.attn2.to_out.0",
            "down_blocks.2.attentions.0.transformer_blocks.1.attn2.to_out.0",
        ),
        ("middle_block.1.proj_out", "mid_block.attentions.0.proj_out"),
        ("output_blocks.5.1.proj_in", "up_blocks.1.attentions.2.proj_in"),
        ("output_blocks.5.2.conv", "up_blocks.1.upsamplers.0.conv"),
        ("output_blocks.8.0.out_layers.0", "up_blocks.2.resnets.2.norm2"),
    ],
)
def test_layers_of_xl_have_these_names(ours: str, theirs: str) -> None:
    assert names(is_xl=True)[1][ours] == theirs


@pytest.mark.parametrize("is_xl", [False, True])
def test_a_file_of_diffusers_has_the_same_tensors_by_other_names(is_xl: bool) -> None:
    unet, theirs = names(is_xl=is_xl)
    ours = unet.state_dict()
    saved = {
        f"{theirs[layer]}.{kind}": tensor
        for layer, _, kind, tensor in ((*name.rpartition("."), t) for name, t in ours.items())
    }
    assert saved.keys().isdisjoint(ours)
    found = in_first_names(saved)
    assert found.keys() == ours.keys()
    assert all(found[name] is saved_as for name, saved_as in zip(ours, saved.values(), strict=True))


def test_every_layer_has_a_name_of_its_own() -> None:
    for is_xl in (False, True):
        unet, found = names(is_xl=is_xl)
        assert set(found) == set(layers_of(unet))
        assert len(set(found.values())) == len(found)
