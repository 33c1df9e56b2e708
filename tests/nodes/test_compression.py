"""Images with the traces that compressed videos have."""

from pathlib import Path

import torch

from hub.nodes.compression import LTXVPreprocess
from hub.testing.nodes import NodeBench

NOISE = torch.rand(2, 33, 48, 3, generator=torch.Generator().manual_seed(1))


def test_more_compression_loses_more(tmp_path: Path) -> None:
    lost = []
    for rate_factor in (1, 20, 50):
        (image,) = NodeBench(tmp_path).run(LTXVPreprocess, image=NOISE, img_compression=rate_factor)
        assert image.shape == (2, 32, 48, 3)
        lost.append(float((image - NOISE[:, :32]).square().mean()))
    assert lost == sorted(set(lost))


def test_no_compression_leaves_images_as_they_are(tmp_path: Path) -> None:
    (image,) = NodeBench(tmp_path).run(LTXVPreprocess, image=NOISE, img_compression=0)
    assert torch.equal(image, NOISE)
