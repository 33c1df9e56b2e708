"""Nodes that change a MODEL: each on the tiny model, against plain figures or identities."""

from typing import Any

import pytest
import torch
from torch import Tensor

from hub.engine.models.checkpoint import Checkpoint
from hub.engine.models.conditions import Condition
from hub.engine.models.diffusion_model import DiffusionModel
from hub.engine.models.guidance import ClassifierFree, denoised
from hub.engine.models.latent_formats import PLAYGROUND
from hub.nodes.api import Node
from hub.nodes.attention_multiplying import (
    CLIPAttentionMultiply,
    UNetCrossAttentionMultiply,
    UNetSelfAttentionMultiply,
)
from hub.nodes.block_merging import ModelMergeSD1
from hub.nodes.compiling import TorchCompileModel
from hub.nodes.compute_types import ModelComputeDtype
from hub.nodes.guidance import (
    PerpNeg,
    PerturbedAttentionGuidance,
    SelfAttentionGuidance,
)
from hub.nodes.guidance_corrections import (
    APG,
    TCFG,
    CFGNorm,
    CFGZeroStar,
    EpsilonScaling,
    FreSca,
    RenormCFG,
    RescaleCFG,
    TemporalScoreRescaling,
)
from hub.nodes.guiders import PerpNegGuider
from hub.nodes.model_loading import NotOfferedYet
from hub.nodes.model_merging import (
    CLIPMergeAdd,
    CLIPMergeSimple,
    CLIPMergeSubtract,
    ModelMergeAdd,
    ModelMergeBlocks,
    ModelMergeSimple,
    ModelMergeSubtract,
)
from hub.nodes.model_sampling import (
    ModelSamplingContinuousEDM,
    ModelSamplingContinuousV,
    ModelSamplingDiscrete,
)
from hub.nodes.network_patches import (
    FreeU,
    FreeUV2,
    HyperTile,
    PatchModelAddDownscale,
    TomePatchModel,
)
from hub.testing.nodes import NodeBench

X, SIGMA = torch.randn(1, 4, 8, 12), torch.tensor(2.0)
POSITIVE, NEGATIVE = (Condition(context=torch.randn(1, 5, 768)) for _ in range(2))
EMPTY = [[torch.randn(1, 5, 768), {}]]
CPU = torch.device("cpu")


def answer(model: DiffusionModel) -> Tensor:
    guidance = ClassifierFree(positive=[POSITIVE], negative=[NEGATIVE], scale=6.0)
    return denoised(model, guidance, X, SIGMA).denoised


@pytest.fixture
def model(tiny: Checkpoint) -> DiffusionModel:
    return tiny.model


@pytest.mark.parametrize(
    ("node", "inputs"),
    [
        (FreeU, {"b1": 1.0, "b2": 1.0, "s1": 1.0, "s2": 1.0}),
        (FreeUV2, {"b1": 1.0, "b2": 1.0, "s1": 1.0, "s2": 1.0}),
        (HyperTile, {"tile_size": 2048}),
        (TomePatchModel, {"ratio": 0.0}),
        (PatchModelAddDownscale, {"downscale_factor": 1.0}),
        (PatchModelAddDownscale, {"end_percent": 0.1}),
        (PerturbedAttentionGuidance, {"scale": 0.0}),
        (SelfAttentionGuidance, {"scale": 0.0}),
        (RescaleCFG, {"multiplier": 0.0}),
        (RenormCFG, {"renorm_cfg": 0.0}),
        (EpsilonScaling, {"scaling_factor": 1.0}),
        (TemporalScoreRescaling, {"tsr_k": 1.0}),
        (APG, {"norm_threshold": 0.0}),
        (FreSca, {"scale_high": 1.0}),
        (UNetSelfAttentionMultiply, {}),
        (UNetCrossAttentionMultiply, {}),
        (ModelSamplingDiscrete, {}),
    ],
)
def test_a_patch_that_does_nothing_changes_nothing(
    node: type[Node], inputs: dict[str, Any], bench: NodeBench, model: DiffusionModel
) -> None:
    (changed,) = bench.run(node, model=model, **inputs)
    assert changed is not model
    assert torch.allclose(answer(changed), answer(model), atol=1e-4)


@pytest.mark.parametrize(
    ("node", "inputs"),
    [
        (FreeU, {}),
        (FreeUV2, {}),
        (HyperTile, {"tile_size": 32, "swap_size": 1}),
        (HyperTile, {"tile_size": 32, "swap_size": 1, "max_depth": 1}),
        (TomePatchModel, {"ratio": 0.5}),
        (PatchModelAddDownscale, {"block_number": 1, "end_percent": 1.0}),
        (
            PatchModelAddDownscale,
            {"block_number": 2, "end_percent": 1.0, "downscale_after_skip": False},
        ),
        (PerturbedAttentionGuidance, {}),
        (SelfAttentionGuidance, {}),
        (PerpNeg, {"empty_conditioning": EMPTY}),
        (RescaleCFG, {}),
        (RenormCFG, {"renorm_cfg": 0.5}),
        (TCFG, {}),
        (CFGZeroStar, {}),
        (CFGNorm, {}),
        (EpsilonScaling, {}),
        (TemporalScoreRescaling, {}),
        (APG, {"eta": 0.0, "norm_threshold": 0.0}),
        (APG, {"norm_threshold": 0.1}),
        (FreSca, {"freq_cutoff": 2}),
        (UNetSelfAttentionMultiply, {"q": 2.0}),
        (UNetCrossAttentionMultiply, {"out": 0.5}),
        (ModelSamplingDiscrete, {"sampling": "v_prediction"}),
        (ModelSamplingDiscrete, {"sampling": "x0"}),
        (ModelSamplingDiscrete, {"sampling": "lcm"}),
        (ModelSamplingDiscrete, {"sampling": "img_to_img"}),
        (ModelSamplingContinuousEDM, {"sampling": "edm"}),
        (ModelSamplingContinuousV, {}),
    ],
)
def test_every_patch_changes_the_answer_and_nothing_of_the_given_model(
    node: type[Node], inputs: dict[str, Any], bench: NodeBench, model: DiffusionModel
) -> None:
    before = answer(model)
    (changed,) = bench.run(node, model=model, **inputs)
    found = answer(changed)
    assert found.isfinite().all()
    assert found.shape == before.shape
    assert not torch.allclose(found, before, atol=1e-4)
    assert torch.equal(answer(model), before)


@pytest.mark.parametrize("is_tiled_first", [False, True])
def test_of_tiles_and_merged_tokens_the_first_counts(
    is_tiled_first: bool, bench: NodeBench, model: DiffusionModel
) -> None:
    (tiled,) = bench.run(HyperTile, model=model, tile_size=32, swap_size=1)
    (merged,) = bench.run(TomePatchModel, model=model, ratio=0.5)
    if is_tiled_first:
        (both,) = bench.run(TomePatchModel, model=tiled, ratio=0.5)
    else:
        (both,) = bench.run(HyperTile, model=merged, tile_size=32, swap_size=1)
    assert torch.equal(answer(both), answer(tiled if is_tiled_first else merged))


def test_multiplied_weights_are_those_of_the_kind_of_attention(
    bench: NodeBench, tiny: Checkpoint
) -> None:
    (changed,) = bench.run(UNetSelfAttentionMultiply, model=tiny.model, k=3.0, out=0.5)
    start = "diffusion_model.middle_block.1.transformer_blocks.0"
    for name, by in (
        ("attn1.to_k.weight", 3.0),
        ("attn1.to_out.0.bias", 0.5),
        ("attn1.to_q.weight", 1.0),
        ("attn2.to_k.weight", 1.0),
    ):
        found, given = (one.weight(f"{start}.{name}", CPU) for one in (changed, tiny.model))
        assert torch.equal(found, given * by)
    (text,) = bench.run(CLIPAttentionMultiply, clip=tiny.text, v=2.0)
    name = "clip_l.text_model.encoder.layers.0.self_attn.v_proj.bias"
    assert tiny.text is not None
    assert torch.equal(text.weight(name, CPU), tiny.text.weight(name, CPU) * 2)


def test_levels_of_zero_terminal_noise_end_in_almost_pure_noise(
    bench: NodeBench, model: DiffusionModel
) -> None:
    (changed,) = bench.run(ModelSamplingDiscrete, model=model, zsnr=True)
    assert float(changed.sampling.levels.sigma_max) == pytest.approx(4518.7, rel=1e-3)
    assert float(model.sampling.levels.sigma_max) == pytest.approx(14.6146, rel=1e-4)


def test_continuous_levels_reach_from_one_to_the_other(
    bench: NodeBench, model: DiffusionModel
) -> None:
    for node in (ModelSamplingContinuousEDM, ModelSamplingContinuousV):
        (changed,) = bench.run(node, model=model, sigma_max=80.0, sigma_min=0.5)
        levels = changed.sampling.levels
        assert float(levels.sigma_min) == pytest.approx(0.5)
        assert float(levels.sigma_max) == pytest.approx(80.0)


def test_playground_has_latents_of_its_own(bench: NodeBench, model: DiffusionModel) -> None:
    (changed,) = bench.run(ModelSamplingContinuousEDM, model=model, sampling="edm_playground_v2.5")
    assert changed.latent_format is PLAYGROUND
    assert model.latent_format is not PLAYGROUND
    latent = torch.randn(1, 4, 3, 3)
    back = PLAYGROUND.process_out(PLAYGROUND.process_in(latent))
    assert torch.allclose(back, latent, atol=1e-5)
    mean = torch.tensor(PLAYGROUND.means)[:, None, None].expand(1, 4, 1, 1)
    assert not PLAYGROUND.process_in(mean).any()
    with pytest.raises(NotOfferedYet, match="cannot load for 'cosmos_rflow'"):
        bench.run(ModelSamplingContinuousEDM, model=model, sampling="cosmos_rflow")


def test_a_guider_leads_as_the_patched_model_does(bench: NodeBench, model: DiffusionModel) -> None:
    texts = {"positive": [[POSITIVE.context, {}]], "negative": [[NEGATIVE.context, {}]]}
    (guider,) = bench.run(PerpNegGuider, model=model, empty_conditioning=EMPTY, cfg=6.0, **texts)
    (patched,) = bench.run(PerpNeg, model=model, empty_conditioning=EMPTY)
    found = denoised(guider.model, guider.ready(X.shape, None), X, SIGMA).denoised
    assert torch.allclose(found, answer(patched), atol=1e-5)


@pytest.mark.parametrize(
    ("node", "inputs", "shares"),
    [
        (ModelMergeSimple, {"ratio": 0.25}, (0.25, 0.75)),
        (ModelMergeAdd, {}, (1.0, 1.0)),
        (ModelMergeSubtract, {"multiplier": 2.0}, (2.0, -2.0)),
    ],
)
def test_models_are_mixed_by_shares(
    node: type[Node],
    inputs: dict[str, Any],
    shares: tuple[float, float],
    bench: NodeBench,
    model: DiffusionModel,
) -> None:
    name = "diffusion_model.out.2.weight"
    other = model.clone()
    other.add_patches({name: [lambda weight: weight + 1]})
    (found,) = bench.run(node, model1=model, model2=other, **inputs)
    own = model.weight(name, CPU)
    expected = own * shares[0] + (own + 1) * shares[1]
    assert torch.allclose(found.weight(name, CPU), expected, atol=1e-6)


def test_each_way_through_the_network_has_its_ratio(
    bench: NodeBench, model: DiffusionModel
) -> None:
    names = {
        "time_embed.0.bias": 0.25,
        "input_blocks.0.0.bias": 0.25,
        "middle_block.0.out_layers.3.bias": 0.5,
        "output_blocks.0.0.out_layers.3.bias": 1.0,
        "out.2.bias": 1.0,
    }
    other = model.clone()
    other.add_patches({f"diffusion_model.{name}": [torch.zeros_like] for name in names})
    (found,) = bench.run(
        ModelMergeBlocks, model1=model, model2=other, input=0.25, middle=0.5, out=1.0
    )
    for name, ratio in names.items():
        own, mixed = (one.weight(f"diffusion_model.{name}", CPU) for one in (model, found))
        assert torch.allclose(mixed, own * ratio)


def test_each_block_may_have_its_ratio(bench: NodeBench, model: DiffusionModel) -> None:
    names = {"input_blocks.1.0.in_layers.2.bias": 0.25, "out.2.bias": 1.0}
    other = model.clone()
    other.add_patches({f"diffusion_model.{name}": [torch.zeros_like] for name in names})
    (found,) = bench.run(ModelMergeSD1, model1=model, model2=other, **{"input_blocks.1.": 0.25})
    for name, ratio in names.items():
        own, mixed = (one.weight(f"diffusion_model.{name}", CPU) for one in (model, found))
        assert torch.allclose(mixed, own * ratio)


@pytest.mark.parametrize(
    ("node", "inputs", "expected"),
    [
        (CLIPMergeSimple, {"ratio": 0.5}, 0.5),
        (CLIPMergeAdd, {}, 1.0),
        (CLIPMergeSubtract, {"multiplier": 1.0}, 1.0),
    ],
)
def test_text_encoders_are_mixed_by_shares(
    node: type[Node], inputs: dict[str, Any], expected: float, bench: NodeBench, tiny: Checkpoint
) -> None:
    name = "clip_l.text_model.final_layer_norm.weight"
    assert tiny.text is not None
    other = tiny.text.clone()
    other.add_patches({name: [torch.zeros_like]})
    (found,) = bench.run(node, clip1=tiny.text, clip2=other, **inputs)
    own = tiny.text.weight(name, CPU)
    assert torch.allclose(found.weight(name, CPU), own * expected)


def test_a_copy_is_compiled_and_shares_no_call_with_the_original(
    bench: NodeBench, model: DiffusionModel
) -> None:
    (made,) = bench.run(TorchCompileModel, model=model, backend="inductor")
    assert (made.compiled_by, model.compiled_by) == ("inductor", None)
    assert made.batch_key != model.clone().batch_key
    assert made.model is model.model


def test_a_model_computes_in_another_type(model: DiffusionModel, bench: NodeBench) -> None:
    assert bench.run(ModelComputeDtype, model=model, dtype="default") == (model,)
    (made,) = bench.run(ModelComputeDtype, model=model, dtype="bf16")
    assert made.batch_key != model.clone().batch_key
    x, sigma, text = torch.randn(1, 4, 8, 8), torch.ones(1), torch.randn(1, 5, 768)
    exact, rough = (one.apply_model(x, sigma, c_crossattn=text) for one in (model, made))
    assert 1e-4 < (exact - rough).abs().max() < 0.1
