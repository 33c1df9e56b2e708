from typing import Any

import torch

from hub.nodes.latent_batches import BatchLatentsNode, LatentCutToBatch, RebatchLatents
from hub.testing.nodes import NodeBench


def batch(*values: float, width: int = 8, **rest: Any) -> dict[str, Any]:
    """One latent of 8 × `width` for each value."""
    samples = torch.tensor(values)[:, None, None, None].expand(-1, 4, 8, width)
    return {"samples": samples.contiguous(), **rest}


def values(latent: dict[str, Any]) -> list[float]:
    found: list[float] = latent["samples"][:, 0, 0, 0].tolist()
    return found


def test_strips_become_a_batch_and_a_rest_is_left_out(bench: NodeBench) -> None:
    columns = torch.arange(7.0).expand(1, 4, 8, 7)
    samples = {"samples": torch.cat([columns, columns + 10]), "kept": "yes"}
    (made,) = bench.run(LatentCutToBatch, samples=samples, dim="x", slice_size=3)
    assert made["samples"].shape == (4, 4, 8, 3)
    assert values(made) == [0, 3, 10, 13]
    assert made["samples"][1, 0, 0].tolist() == [3, 4, 5]
    assert made["kept"] == "yes"


def test_a_strip_is_never_larger_than_the_latent(bench: NodeBench) -> None:
    (made,) = bench.run(LatentCutToBatch, samples=batch(1, 2), dim="y", slice_size=99)
    assert made["samples"].shape == (2, 4, 8, 8)


def test_pictures_have_no_time_to_cut_and_videos_have(bench: NodeBench) -> None:
    whole = batch(1.0)
    assert bench.run(LatentCutToBatch, samples=whole, dim="t", slice_size=1) == (whole,)
    video = {"samples": torch.zeros(1, 16, 6, 2, 3)}
    (made,) = bench.run(LatentCutToBatch, samples=video, dim="t", slice_size=2)
    assert made["samples"].shape == (3, 16, 2, 2, 3)


def test_new_batches_keep_order_size_and_noise(bench: NodeBench) -> None:
    given = [batch(1, 2, 3), batch(4, 5, batch_index=[8, 9]), batch(6, width=16)]
    (made,) = bench.run(RebatchLatents, latents=given, batch_size=[2])
    assert [values(one) for one in made] == [[1, 2], [3, 4], [5], [6]]
    assert [one["batch_index"] for one in made] == [[0, 1], [2, 8], [9], [5]]
    assert not any("noise_mask" in one for one in made)


def test_masks_stay_with_their_latents(bench: NodeBench) -> None:
    masked = batch(3, 4, noise_mask=torch.zeros(1, 1, 20, 20))
    (made,) = bench.run(RebatchLatents, latents=[batch(1), masked], batch_size=[2])
    first, second = made
    assert first["noise_mask"].shape == (2, 1, 64, 64)
    assert first["noise_mask"].amax(dim=(1, 2, 3)).tolist() == [1, 0]
    assert second["noise_mask"].shape == (1, 1, 64, 64)


def test_batches_come_to_the_size_of_the_first(bench: NodeBench) -> None:
    latents = {"latent0": batch(1, 2), "latent1": batch(3, width=16), "latent2": batch(4)}
    (made,) = bench.run(BatchLatentsNode, latents=latents)
    assert values(made) == [1, 2, 3, 4]
    assert made["samples"].shape == (4, 4, 8, 8)
    assert made["batch_index"] == [0, 1, 0, 0]
