from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor

from hub.engine.models.checkpoint import (
    UNET,
    NoAutoencoder,
    WrongKindOfFile,
    load_autoencoder,
    load_checkpoint,
    load_denoiser,
)
from hub.engine.models.families import Family, UnknownModel, recognised
from hub.engine.models.model_file import below, read_tensors
from hub.engine.models.seen_pictures import Sees
from hub.engine.models.weights import WeightsDoNotFit
from hub.engine.sampling.prediction import Epsilon, Velocity
from tests.engine.models.open_clip import open_clip
from tests.engine.models.seeded_checkpoint import Drawer, UNetDrawer, UNetSizes

FAMILIES = [
    (UNetSizes(channels=32), Family.SD1),
    (UNetSizes(channels=32, text=64), Family.SD1),
    (UNetSizes(channels=64, text=1024, is_linear=True), Family.SD2),
    (UNetSizes(channels=64, text=2048, labels=2816, depths=(0, 2), is_linear=True), Family.SDXL),
    (UNetSizes(channels=64, text=1280, labels=2560, is_linear=True), Family.SDXL_REFINER),
    (
        UNetSizes(channels=64, text=1024, classes=1000, incoming=7, is_linear=True),
        Family.UPSCALER,
    ),
]


def unet(sizes: UNetSizes) -> dict[str, Tensor]:
    drawer = Drawer()
    UNetDrawer(drawer, sizes).draw()
    return {name: torch.from_numpy(values) for name, values in drawer.tensors.items()}


def under(prefix: str, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    return {f"{prefix}{name}": tensor for name, tensor in tensors.items()}


def saved(tensors: dict[str, Tensor], folder: Path) -> Path:
    path = folder / "model.safetensors"
    save_file(tensors, path)
    return path


@pytest.mark.parametrize(("sizes", "family"), FAMILIES)
def test_a_family_is_told_from_the_shapes(sizes: UNetSizes, family: Family, tmp_path: Path) -> None:
    model = load_checkpoint(saved(unet(sizes), tmp_path))
    assert model.model.model.family is family
    assert model.text is None
    assert model.pictures is None


def test_text_encoders_are_found_where_each_family_keeps_them(
    tiny_file: Path, tmp_path: Path
) -> None:
    first = below(read_tensors(tiny_file), "cond_stage_model.transformer.")
    sd2, xl, refiner, upscaler = (unet(sizes) for sizes, _ in FAMILIES[2:])
    large = open_clip(1280, vocabulary=64)
    second = under("cond_stage_model.model.", open_clip(1024, vocabulary=64))
    sd2, upscaler = sd2 | second, upscaler | second
    xl |= under("conditioner.embedders.0.transformer.", first)
    xl |= under("conditioner.embedders.1.model.", large)
    refiner |= under("conditioner.embedders.0.model.", large)
    told_apart = ((sd2, ["h"]), (upscaler, ["h"]), (xl, ["l", "g"]), (refiner, ["g"]))
    for tensors, keys in told_apart:
        text = load_checkpoint(saved(tensors, tmp_path)).text
        assert text is not None
        assert list(text.tokenize("a cat")) == keys


def test_a_text_encoder_that_is_missing_beside_another_is_told(
    tiny_file: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    first = below(read_tensors(tiny_file), "cond_stage_model.transformer.")
    xl = unet(FAMILIES[3][0]) | under("conditioner.embedders.0.transformer.", first)
    assert load_checkpoint(saved(xl, tmp_path)).text is None
    assert "model.safetensors has only some of its text encoders: conditioner" in caplog.text


def test_a_denoiser_may_lie_in_a_file_of_its_own(tmp_path: Path) -> None:
    alone = below(unet(UNetSizes(channels=32)), "model.diffusion_model.")
    path = saved(alone, tmp_path)
    assert load_denoiser(path).model.family is Family.SD1
    with pytest.raises(WrongKindOfFile, match=r"only a denoiser. Load it with UNETLoader"):
        load_checkpoint(path)


def test_marks_say_how_a_model_was_trained(tmp_path: Path) -> None:
    tensors = unet(UNetSizes(channels=32))
    usual = load_denoiser(saved(tensors, tmp_path)).sampling
    tensors |= {"v_pred": torch.tensor([]), "ztsnr": torch.tensor([])}
    marked = load_denoiser(saved(tensors, tmp_path)).sampling
    assert isinstance(usual.prediction, Epsilon)
    assert float(usual.levels.sigma_max) == pytest.approx(14.6146, abs=1e-4)
    assert isinstance(marked.prediction, Velocity)
    assert float(marked.levels.sigma_max) > 4000


@pytest.mark.parametrize(("spread", "kind"), [(0.05, Epsilon), (0.2, Velocity)])
def test_the_second_model_is_told_to_predict_velocity_by_a_wide_bias(
    spread: float, kind: type
) -> None:
    tensors = below(unet(UNetSizes(channels=64, text=1024, is_linear=True)), UNET)
    tensors["output_blocks.11.1.transformer_blocks.0.norm1.bias"] = torch.randn(64) * spread
    assert isinstance(recognised(Path("model.ckpt"), tensors, {}).sampling.prediction, kind)


def test_an_inpainting_model_is_told_from_its_channels(tmp_path: Path) -> None:
    path = saved(unet(UNetSizes(channels=32, incoming=9)), tmp_path)
    assert load_denoiser(path).model.facts.sees is Sees.MASKED


@pytest.mark.parametrize("sizes", [FAMILIES[0][0], FAMILIES[3][0]])
def test_a_model_that_edits_is_told_from_its_channels_and_by_edm_from_one_for_scaled_pictures(
    sizes: UNetSizes, tmp_path: Path
) -> None:
    tensors = unet(replace(sizes, incoming=8))
    usual = load_denoiser(saved(tensors, tmp_path)).model
    tensors["edm_vpred.sigma_min"] = torch.tensor(0.01)
    tensors["edm_vpred.sigma_max"] = torch.tensor(80.0)
    edm = load_denoiser(saved(tensors, tmp_path)).model
    assert (usual.facts.sees, edm.facts.sees) == (Sees.PICTURE, Sees.SCALED_PICTURE)
    assert isinstance(usual.model_sampling.prediction, Epsilon)
    assert isinstance(edm.model_sampling.prediction, Velocity)
    limits = edm.model_sampling.sigma_min, edm.model_sampling.sigma_max
    assert [float(limit) for limit in limits] == pytest.approx([0.01, 80.0])


def test_the_upscaler_sees_a_small_picture_and_has_levels_of_its_own(tmp_path: Path) -> None:
    model = load_denoiser(saved(unet(FAMILIES[5][0]), tmp_path)).model
    assert model.facts.sees is Sees.SMALL_PICTURE
    assert isinstance(model.model_sampling.prediction, Velocity)
    assert float(model.model_sampling.sigma_min) == pytest.approx(0.01, abs=1e-4)
    assert model.latent_format.scale_factor == 0.08333


@pytest.mark.parametrize(("classes", "channels"), [(1000, 4), (0, 7)])
def test_an_upscaler_of_other_channels_is_refused(
    classes: int, channels: int, tmp_path: Path
) -> None:
    sizes = replace(FAMILIES[5][0], classes=classes, incoming=channels)
    with pytest.raises(UnknownModel, match=f"{channels} channels, texts of width 1024"):
        load_denoiser(saved(unet(sizes), tmp_path))


def test_of_the_second_stable_diffusion_none_is_known_that_edits(tmp_path: Path) -> None:
    path = saved(unet(replace(FAMILIES[2][0], incoming=8)), tmp_path)
    with pytest.raises(UnknownModel, match="8 channels, texts of width 1024"):
        load_denoiser(path)


@pytest.mark.parametrize(
    ("lost", "told"),
    [
        ("out.2.bias", r"out\.2\.bias"),
        ("input_blocks.3.0.skip_connection", r"input_blocks\.3\.0\.skip_connection\.weight"),
        ("output_blocks.3.", r"output_blocks\.3"),
    ],
)
def test_a_denoiser_of_which_something_got_lost_is_refused_for_it(
    lost: str, told: str, tmp_path: Path
) -> None:
    tensors = unet(UNetSizes(channels=32))
    kept = {name: value for name, value in tensors.items() if lost not in name}
    assert len(kept) < len(tensors)
    with pytest.raises(WeightsDoNotFit, match=rf"denoiser in model\.safetensors .* lacks {told}\."):
        load_checkpoint(saved(kept, tmp_path))


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (["model.diffusion_model.joint_blocks.0.x"], "a Stable Diffusion 3"),
        (["down_blocks.0.resnets.0.norm1.weight"], "weights in the layout of diffusers"),
        (["lora_unet_down.alpha"], "a LoRA"),
        (["control_model.input_blocks.0.0.weight"], "a ControlNet"),
        (["something"], "no denoiser"),
        ([], "no denoiser"),
    ],
)
def test_other_models_are_refused_by_what_they_are(
    names: list[str], told: str, tmp_path: Path
) -> None:
    path = saved({name: torch.ones(1) for name in names}, tmp_path)
    with pytest.raises(UnknownModel, match=f"model.safetensors holds {told}"):
        load_checkpoint(path)


def test_a_model_of_another_size_is_refused_with_its_facts(tmp_path: Path) -> None:
    tensors = unet(UNetSizes(channels=64, text=1024, labels=512, is_linear=True))
    with pytest.raises(UnknownModel, match="4 channels, texts of width 1024 and 512 more"):
        load_checkpoint(saved(tensors, tmp_path))


@pytest.mark.parametrize("labels", [1536, 2048])
def test_models_that_take_pictures_are_refused_as_that(labels: int, tmp_path: Path) -> None:
    tensors = unet(UNetSizes(channels=64, text=1024, labels=labels, is_linear=True))
    with pytest.raises(UnknownModel, match="holds an unCLIP model"):
        load_checkpoint(saved(tensors, tmp_path))


@pytest.mark.parametrize(
    ("prefix", "told"),
    [
        ("first_stage_model.", "an autoencoder. Load it with VAELoader"),
        ("cond_stage_model.transformer.", "a text encoder. Load it with CLIPLoader"),
    ],
)
def test_a_part_alone_is_refused_with_what_loads_it(
    prefix: str, told: str, tiny_file: Path, tmp_path: Path
) -> None:
    path = saved(below(read_tensors(tiny_file), prefix), tmp_path)
    with pytest.raises(WrongKindOfFile, match=told):
        load_checkpoint(path)


def test_a_file_without_an_autoencoder_is_refused_for_it(tmp_path: Path) -> None:
    with pytest.raises(NoAutoencoder, match=r"model\.safetensors holds no autoencoder"):
        load_autoencoder(saved({"x": torch.ones(1)}, tmp_path))
