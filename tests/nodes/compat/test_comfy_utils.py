"""The module `comfy.utils`."""

from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file

from hub.engine.models.weight_files import HoldsCode
from tests.engine.models.test_weight_files import Evil
from tests.nodes.compat.conftest import Offered


@pytest.fixture
def utils(offered: Offered) -> Any:
    return offered("comfy.utils")


def test_weights_come_without_their_wrapping(utils: Any, tmp_path: Path) -> None:
    weights = {"a": torch.ones(2)}
    for held in (
        {"state_dict": weights, "epoch": 3},
        {"params": weights},
        weights | {"b": weights["a"]},
    ):
        torch.save(held, tmp_path / "a.pt")
        read = utils.load_torch_file(str(tmp_path / "a.pt"), safe_load=False)
        assert read["a"].equal(weights["a"])
        assert "epoch" not in read
    save_file(weights, tmp_path / "a.safetensors", metadata={"who": "me"})
    read, metadata = utils.load_torch_file(str(tmp_path / "a.safetensors"), return_metadata=True)
    assert (list(read), metadata) == (["a"], {"who": "me"})


def test_a_pack_cannot_ask_for_a_file_with_code(utils: Any, tmp_path: Path) -> None:
    torch.save({"a": Evil("true")}, tmp_path / "a.ckpt")
    with pytest.raises(HoldsCode):
        utils.load_torch_file(str(tmp_path / "a.ckpt"), safe_load=False)


def test_keys_are_renamed_in_place_or_picked(utils: Any) -> None:
    weights: dict[str, Any] = {"model.a": 1, "model.b": 2, "other": 3}
    picked = utils.state_dict_prefix_replace(dict(weights), {"model.": "m."}, filter_keys=True)
    assert picked == {"m.a": 1, "m.b": 2}
    assert utils.state_dict_prefix_replace(weights, {"model.": ""}) is weights
    assert utils.state_dict_key_replace(weights, {"a": "z", "gone": "y"}) == {
        "b": 2,
        "other": 3,
        "z": 1,
    }


def test_weights_are_counted_by_prefix(utils: Any) -> None:
    weights = {
        "a.x": torch.zeros(5),
        "a.y": torch.zeros(3, dtype=torch.float16),
        "b": torch.ones(9),
    }
    assert utils.calculate_parameters(weights, "a.") == 8
    assert utils.weight_dtype(weights, "a.y") == torch.float16
    assert utils.weight_dtype(weights) == torch.float32
    assert utils.weight_dtype(weights, "none") is None


def test_batches_are_repeated_or_spread(utils: Any) -> None:
    rows = torch.arange(3)[:, None]
    assert utils.repeat_to_batch_size(rows, 5).flatten().tolist() == [0, 1, 2, 0, 1]
    assert utils.repeat_to_batch_size(rows, 2).flatten().tolist() == [0, 1]
    assert utils.repeat_to_batch_size(rows, 4, dim=1).shape == (3, 4)
    assert utils.resize_to_batch_size(rows, 6).flatten().tolist() == [0, 0, 1, 1, 2, 2]
    assert utils.resize_to_batch_size(rows, 2).flatten().tolist() == [0, 2]
    assert utils.resize_to_batch_size(rows, 1).flatten().tolist() == [0]


@pytest.mark.parametrize(
    ("mask", "output"),
    [
        ((4, 4), (2, 4, 8, 8)),
        ((3, 4, 4), (3, 1, 8, 8)),
        ((1, 1, 4, 4), (2, 3, 2, 2)),
        ((3, 4, 4), (1, 16, 5, 8, 8)),
        ((2, 4), (2, 1, 8)),
    ],
)
def test_masks_take_the_shape_of_what_they_are_for(
    utils: Any, mask: tuple[int, ...], output: tuple[int, ...]
) -> None:
    result = utils.reshape_mask(torch.ones(mask), output)
    assert tuple(result.shape) == output
    torch.testing.assert_close(result, torch.ones(output))


def test_a_dotted_name_leads_to_a_parameter(utils: Any) -> None:
    model = torch.nn.Sequential(torch.nn.Linear(2, 2))
    weight = utils.get_attr(model, "0.weight")
    utils.copy_to_param(model, "0.weight", torch.ones(2, 2))
    assert utils.get_attr(model, "0.weight") is weight
    assert torch.sum(weight) == 4
    assert utils.set_attr_param(model, "0.weight", torch.zeros(2, 2)) is weight
    assert utils.get_attr(model, "0.weight").sum() == 0


def test_tiles_enlarge_and_shrink(utils: Any) -> None:
    samples = torch.rand(1, 2, 20, 30)
    bar = utils.ProgressBar(100)
    result = utils.tiled_scale(
        samples,
        lambda part: part.repeat_interleave(2, -1).repeat_interleave(2, -2),
        tile_x=16,
        tile_y=16,
        overlap=4,
        upscale_amount=2,
        out_channels=2,
        pbar=bar,
    )
    torch.testing.assert_close(result, samples.repeat_interleave(2, -1).repeat_interleave(2, -2))
    assert bar.current == utils.get_tiled_scale_steps(30, 20, 16, 16, 4) == 6
    small = utils.tiled_scale_multidim(
        result,
        lambda part: part[..., ::2, ::2],
        tile=(16, 16),
        upscale_amount=2,
        out_channels=2,
        downscale=True,
    )
    torch.testing.assert_close(small, samples)


def test_lengths_may_grow_by_a_formula(utils: Any) -> None:
    frames = torch.arange(6.0).reshape(1, 1, 6)
    result = utils.tiled_scale_multidim(
        frames,
        lambda part: torch.cat([part[..., :1], part[..., 1:].repeat_interleave(4, -1)], -1),
        tile=(4,),
        overlap=2,
        out_channels=1,
        upscale_amount=lambda length: max(0, length * 4 - 3),
        index_formulas=4,
    )
    assert result.shape == (1, 1, 21)
    assert result[0, 0, 0] == 0


def test_a_pack_may_put_its_own_hook_before_ours(utils: Any) -> None:
    told: list[float] = []
    ours = utils.PROGRESS_BAR_HOOK

    def mine(value: float, total: float, preview: Any, node_id: str | None = None) -> None:
        told.append(value)
        ours(value, total, preview, node_id)

    utils.set_progress_bar_global_hook(mine)
    utils.ProgressBar(3).update(2)
    assert told == [2]


@pytest.mark.parametrize(
    "method", ["nearest-exact", "bilinear", "area", "bicubic", "lanczos", "bislerp"]
)
def test_latents_and_video_are_brought_to_a_size(utils: Any, method: str) -> None:
    channels = 3 if method == "lanczos" else 4
    assert utils.common_upscale(torch.rand(2, channels, 6, 8), 4, 3, method, "center").shape == (
        2,
        channels,
        3,
        4,
    )
    video = torch.rand(2, channels, 5, 6, 8)
    scaled = utils.common_upscale(video, 8, 6, method, "disabled")
    torch.testing.assert_close(scaled, video, atol=0.01, rtol=0)
    assert utils.lanczos(torch.rand(1, 3, 8, 8), 4, 2).shape == (1, 3, 2, 4)


def test_pictures_are_padded_to_whole_patches(offered: Offered) -> None:
    dit = offered("comfy.ldm.common_dit")
    x = torch.arange(6.0).reshape(1, 1, 2, 3)
    padded = dit.pad_to_patch_size(x, (2, 2))
    assert padded[0, 0].tolist() == [[0, 1, 2, 0], [3, 4, 5, 3]]
    assert dit.pad_to_patch_size(padded, (2, 4)) is not None
    normed = dit.rms_norm(x, torch.full((3,), 2.0))
    expected = 2 * x / (x**2).mean(-1, keepdim=True).sqrt()
    torch.testing.assert_close(normed, expected, atol=1e-5, rtol=1e-5)


def test_weights_in_prompts_are_read_in_three_steps(offered: Offered) -> None:
    clip = offered("comfy.sd1_clip")
    pieces = clip.token_weights(clip.escape_important(r"a (cat:1.5) \(b\)"), 2.0)
    told = [(clip.unescape_important(text), weight) for text, weight in pieces]
    assert told == [("a ", 2.0), ("cat", 1.5), (" (b)", 2.0)]
