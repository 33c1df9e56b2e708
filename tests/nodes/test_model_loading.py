from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file

from hub.engine.models.auto_encoder import AutoEncoder
from hub.engine.models.checkpoint import Checkpoint
from hub.engine.models.diffusion_model import DiffusionModel
from hub.engine.models.model_file import below, read_tensors
from hub.engine.models.text_encoder import TextEncoder
from hub.engine.models.tiny_autoencoder import TinyAutoencoderMissing
from hub.engine.sampling.prediction import Velocity
from hub.errors import NotFound
from hub.nodes.model_loading import (
    CheckpointLoader,
    CheckpointLoaderSimple,
    CLIPLoader,
    DualCLIPLoader,
    NotOfferedYet,
    UNETLoader,
    VAELoader,
)
from hub.nodes.prompts import (
    CLIPSetLastLayer,
    CLIPTextEncode,
    CLIPTextEncodeControlnet,
    CLIPTextEncodeSDXL,
    NoTextEncoder,
    NotTheEncodersOfXl,
)
from hub.testing.nodes import NodeBench
from tests.engine.models.open_clip import save_open_clip

Placed = Callable[..., Path]


@pytest.fixture
def placed(bench: NodeBench, tiny_file: Path) -> Placed:
    """Puts a part of the tiny checkpoint into a folder of models."""

    def place(kind: str, prefix: str) -> Path:
        path = bench.folder / "models" / kind / "tiny.safetensors"
        path.parent.mkdir(parents=True)
        save_file(below(read_tensors(tiny_file), prefix), path)
        return path

    return place


@pytest.fixture
def parts(bench: NodeBench, tiny_file: Path) -> tuple[Any, ...]:
    """What the loader makes of the tiny checkpoint."""
    (bench.folder / "models").mkdir()
    (bench.folder / "models" / "checkpoints").symlink_to(tiny_file.parent)
    return bench.run(CheckpointLoaderSimple, ckpt_name=tiny_file.name)


def test_a_checkpoint_gives_denoiser_text_encoder_and_autoencoder(parts: tuple[Any, ...]) -> None:
    assert list(map(type, parts)) == [DiffusionModel, TextEncoder, AutoEncoder]


def test_a_checkpoint_is_loaded_with_a_known_configuration_or_an_own_one(
    bench: NodeBench, parts: tuple[Any, ...], tiny_file: Path
) -> None:
    configs = bench.folder / "models" / "configs"
    configs.mkdir()
    own = "model: {params: {parameterization: v}}"
    (configs / "own.yaml").write_text(own)
    known = {"v2-inference-v.yaml": True, "v1-inference.yaml": False}
    for name, is_velocity in {"own.yaml": True, **known}.items():
        loaded = bench.run(CheckpointLoader, config_name=name, ckpt_name=tiny_file.name)
        assert list(map(type, loaded)) == list(map(type, parts))
        assert isinstance(loaded[0].sampling.prediction, Velocity) == is_velocity
    with pytest.raises(NotFound, match=r"configs 'none\.yaml'"):
        bench.run(CheckpointLoader, config_name="none.yaml", ckpt_name=tiny_file.name)


def test_a_missing_file_is_named_with_its_kind(bench: NodeBench) -> None:
    with pytest.raises(NotFound, match=r"checkpoints 'none\.safetensors'"):
        bench.run(CheckpointLoaderSimple, ckpt_name="none.safetensors")


@pytest.mark.parametrize(
    ("weight_dtype", "stored"),
    [
        ("default", torch.float16 if torch.cuda.is_available() else torch.float32),
        ("fp8_e4m3fn", torch.float8_e4m3fn),
    ],
)
def test_a_denoiser_may_be_kept_in_eight_bits(
    weight_dtype: str, stored: torch.dtype, bench: NodeBench, placed: Placed
) -> None:
    placed("diffusion_models", "model.diffusion_model.")
    (model,) = bench.run(UNETLoader, unet_name="tiny.safetensors", weight_dtype=weight_dtype)
    x = torch.randn(1, 4, 8, 8)
    found = model.apply_model(x, torch.tensor([1.0]), c_crossattn=torch.randn(1, 3, 768))
    assert found.isfinite().all()
    kept = {parameter.dtype for parameter in model.model.diffusion_model.parameters()}
    assert kept == {stored}


def test_an_autoencoder_is_loaded_by_itself(bench: NodeBench, placed: Placed) -> None:
    placed("vae", "first_stage_model.")
    (vae,) = bench.run(VAELoader, vae_name="tiny.safetensors")
    assert vae.decode(torch.zeros(1, 4, 2, 3)).shape == (1, 16, 24, 3)


def test_text_encoders_are_loaded_by_themselves(bench: NodeBench, placed: Placed) -> None:
    small = placed("text_encoders", "cond_stage_model.transformer.")
    save_open_clip(small.with_name("g.safetensors"), 1280)
    names = {"clip_name1": "g.safetensors", "clip_name2": "tiny.safetensors"}
    (one,) = bench.run(CLIPLoader, clip_name="tiny.safetensors", device="cpu")
    (two,) = bench.run(DualCLIPLoader, **names)
    [[told, _]] = bench.run(CLIPTextEncode, clip=one, text="a cat")[0]
    assert told.shape == (1, 77, 768)
    [[told, options]] = bench.run(
        CLIPTextEncodeSDXL, clip=two, text_g="a cat", text_l="cat " * 90, height=512, crop_w=8
    )[0]
    assert told.shape == (1, 154, 2048)
    assert (options["height"], options["width"], options["crop_w"]) == (512, 1024, 8)
    assert options["pooled_output"].shape == (1, 1280)


def test_a_text_for_controls_leaves_the_prompt_as_it_is(bench: NodeBench, tiny: Checkpoint) -> None:
    clip, states = tiny.text, torch.zeros(1, 77, 768)
    given = [[states, {"strength": 0.5}]]
    (found,) = bench.run(
        CLIPTextEncodeControlnet, clip=clip, conditioning=given, text="a depth map"
    )
    [[[told, expected]]] = bench.run(CLIPTextEncode, clip=clip, text="a depth map")
    [[own, options]] = found
    assert own is states
    assert given[0][1] == {"strength": 0.5}
    assert options.keys() == {"strength", "cross_attn_controlnet", "pooled_output_controlnet"}
    assert torch.equal(options["cross_attn_controlnet"], told)
    assert torch.equal(options["pooled_output_controlnet"], expected["pooled_output"])


def test_a_single_encoder_is_not_that_of_xl(bench: NodeBench, tiny: Checkpoint) -> None:
    with pytest.raises(NotTheEncodersOfXl, match="Use CLIPTextEncode for this model"):
        bench.run(CLIPTextEncodeSDXL, clip=tiny.text, text_g="a", text_l="b")


def test_what_the_hub_cannot_load_yet_is_told(bench: NodeBench) -> None:
    with pytest.raises(NotOfferedYet, match="CLIPLoader cannot load for 'wan' yet"):
        bench.run(CLIPLoader, clip_name="x", type="wan")
    with pytest.raises(NotOfferedYet, match="only for 'sdxl'"):
        bench.run(DualCLIPLoader, clip_name1="x", clip_name2="y", type="flux")


def test_without_an_autoencoder_latents_are_pixels(bench: NodeBench) -> None:
    (vae,) = bench.run(VAELoader, vae_name="pixel_space")
    pixels = torch.rand(1, 6, 5, 3)
    latent = vae.encode(pixels)
    assert latent.shape == (1, 3, 6, 5)
    assert torch.allclose(vae.decode(latent), pixels, atol=1e-6)


def test_a_tiny_autoencoder_needs_both_of_its_halves(bench: NodeBench) -> None:
    with pytest.raises(TinyAutoencoderMissing, match=r"no file taesd_encoder\.safetensors"):
        bench.run(VAELoader, vae_name="taesd")


def test_an_earlier_layer_changes_what_is_told(bench: NodeBench, parts: tuple[Any, ...]) -> None:
    _, clip, _ = parts
    (earlier,) = bench.run(CLIPSetLastLayer, clip=clip, stop_at_clip_layer=-2)
    [[last, _]] = bench.run(CLIPTextEncode, clip=clip, text="a cat")[0]
    [[before, _]] = bench.run(CLIPTextEncode, clip=earlier, text="a cat")[0]
    assert not torch.equal(last, before)


def test_embeddings_are_found_in_their_folder(bench: NodeBench, parts: tuple[Any, ...]) -> None:
    folder = bench.folder / "models" / "embeddings"
    folder.mkdir()
    save_file({"emb_params": torch.randn(2, 768)}, folder / "style.safetensors")
    tokens = [token for token, _ in parts[1].tokenize("embedding:style cat")["l"][0][:4]]
    assert [isinstance(token, torch.Tensor) for token in tokens] == [False, True, True, False]


def test_a_checkpoint_without_a_text_encoder_is_told(bench: NodeBench) -> None:
    with pytest.raises(NoTextEncoder, match="no text encoder on the clip input"):
        bench.run(CLIPTextEncode, clip=None, text="a cat")
