import pytest
import torch
from torch import Size, Tensor

from hub.engine.models.adapter_forms import AdapterPatch, BiasPatch, change_of, fits, scale_of
from tests.engine.models.adapter_files import random

OUT, IN, R = 6, 4, 2
WEIGHT, KERNEL = torch.randn(OUT, IN), torch.randn(OUT, IN, 3, 3)


def patched(weight: Tensor, parts: dict[str, Tensor], strength: float = 1.0) -> Tensor:
    return AdapterPatch(parts, strength)(weight)


@pytest.mark.parametrize("strength", [1.0, 0.3, -2.0])
def test_lora_adds_the_product_of_its_factors_by_alpha_and_rank(strength: float) -> None:
    up, down = random(OUT, R), random(R, IN)
    found = patched(WEIGHT, {"up": up, "down": down, "alpha": torch.tensor(8.0)}, strength)
    assert torch.allclose(found, WEIGHT + strength * (8.0 / R) * up @ down, atol=1e-6)


def test_half_precision_factors_are_multiplied_in_full() -> None:
    up, down = random(OUT, R).half(), random(R, IN).half()
    found = patched(WEIGHT, {"up": up, "down": down})
    assert torch.equal(found, WEIGHT + up.float() @ down.float())


def test_a_convolution_may_be_followed_by_one_of_single_places() -> None:
    down, up = random(R, IN, 3, 3), random(OUT, R, 1, 1)
    x = torch.randn(1, IN, 5, 5)
    expected = torch.conv2d(torch.conv2d(x, down), up)
    change = patched(KERNEL, {"up": up, "down": down}) - KERNEL
    assert torch.allclose(torch.conv2d(x, change), expected, atol=1e-4)


def test_a_convolution_may_lie_between_two_changes_of_width() -> None:
    down, mid, up = random(R, IN, 1, 1), random(R, R, 3, 3), random(OUT, R, 1, 1)
    x = torch.randn(1, IN, 5, 5)
    expected = torch.conv2d(torch.conv2d(torch.conv2d(x, down), mid), up)
    change = patched(KERNEL, {"up": up, "down": down, "mid": mid}) - KERNEL
    assert torch.allclose(torch.conv2d(x, change), expected, atol=1e-4)


def test_loha_multiplies_two_products_place_by_place() -> None:
    a, b, c, d = random(OUT, R), random(R, IN), random(OUT, R), random(R, IN)
    parts = {"hada_w1_a": a, "hada_w1_b": b, "hada_w2_a": c, "hada_w2_b": d}
    found = patched(WEIGHT, {**parts, "alpha": torch.tensor(1.0)})
    assert torch.allclose(found, WEIGHT + (a @ b) * (c @ d) / R, atol=1e-6)


def test_loha_of_a_convolution_has_small_ones_inside() -> None:
    names = ("hada_w1_a", "hada_w2_a", "hada_w1_b", "hada_w2_b")
    parts = {name: random(R, OUT if name.endswith("a") else IN) for name in names}
    parts |= {"hada_t1": random(R, R, 3, 3), "hada_t2": random(R, R, 3, 3)}
    first, second = (
        torch.einsum("ijkl,ip,jr->prkl", parts[f"hada_t{n}"], parts[f"hada_w{n}_a"], b)
        for n, b in ((1, parts["hada_w1_b"]), (2, parts["hada_w2_b"]))
    )
    assert torch.allclose(patched(KERNEL, parts), KERNEL + first * second, atol=1e-6)


def test_lokr_is_a_product_in_blocks() -> None:
    first, second = random(2, 2), random(3, 2)
    found = change_of({"lokr_w1": first, "lokr_w2": second})
    assert torch.equal(found[3:, :2], first[1, 0] * second)
    assert scale_of({"lokr_w1": first, "lokr_w2": second, "alpha": torch.tensor(9.0)}) == 1.0


def test_lokr_of_a_convolution_may_have_factors_of_low_rank() -> None:
    first, a, b = random(2, 2), random(3, R), random(R, 2 * 9)
    parts = {"lokr_w1": first, "lokr_w2_a": a, "lokr_w2_b": b, "alpha": torch.tensor(1.0)}
    found = patched(KERNEL, parts) - KERNEL
    block = (a @ b).reshape(3, 2, 3, 3) / R
    assert torch.allclose(found[:3, 2:], first[0, 1] * block, atol=1e-6)


def test_differences_are_added_as_they_are() -> None:
    difference = random(OUT, IN, 3, 3)
    assert torch.equal(patched(KERNEL, {"diff": difference}, 2.0), KERNEL + 2 * difference)
    bias = random(OUT)
    assert torch.equal(BiasPatch(bias.half(), -1.0)(torch.zeros(OUT)), -bias.half().float())


@pytest.mark.parametrize(("shape", "kept"), [((OUT, 1), 0), ((OUT,), 0), ((1, IN), 1)])
def test_dora_has_the_direction_of_the_sum_and_lengths_of_its_own(
    shape: tuple[int, ...], kept: int
) -> None:
    up, down, magnitudes = random(OUT, R), random(R, IN), torch.rand(shape) + 1
    parts = {"up": up, "down": down, "dora_scale": magnitudes}
    found, half = patched(WEIGHT, parts), patched(WEIGHT, parts, 0.5)
    total = WEIGHT + up @ down
    assert torch.allclose(found.norm(dim=1 - kept), magnitudes.flatten())
    cosine = torch.cosine_similarity(found, total, dim=1 - kept)
    assert torch.allclose(cosine, torch.ones_like(cosine))
    assert torch.allclose(half, (WEIGHT + found) / 2, atol=1e-6)


def test_parts_of_another_shape_or_that_lack_something_fit_nothing() -> None:
    parts = {"up": random(OUT, R), "down": random(R, IN)}
    assert fits(parts, Size((OUT, IN)))
    assert fits(parts, Size((OUT, IN, 1, 1)))
    assert not fits(parts, Size((OUT, IN + 1)))
    assert not fits({"up": parts["up"]}, Size((OUT, IN)))
    assert not fits({"up": parts["up"], "down": random(R + 1, IN)}, Size((OUT, IN)))
