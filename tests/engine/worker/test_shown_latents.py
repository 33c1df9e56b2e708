"""Which way latents are shown while they are sampled."""

from pathlib import Path

import pytest
import torch

from hub.config.engine_settings import Previews
from hub.engine.models.latent_formats import SD1, SDXL
from hub.engine.worker.shown_latents import ShownLatents, preview_method
from tests.engine.models.tiny_decoders import write_halves

LATENT = torch.zeros(1, 4, 4, 4)


def test_a_tiny_decoder_is_taken_where_there_is_one(tmp_path: Path) -> None:
    write_halves(tmp_path)
    shown = ShownLatents((tmp_path,))
    assert shown.picture(LATENT, SD1, "auto").shape == (1, 32, 32, 3)
    assert shown.picture(LATENT, SD1, "latent2rgb").shape == (1, 4, 4, 3)
    assert shown.picture(LATENT, SDXL, "taesd").shape == (1, 4, 4, 3)


def test_a_damaged_decoder_costs_no_sampling(tmp_path: Path) -> None:
    (tmp_path / "taesd_decoder.pth").write_bytes(b"no weights")
    shown = ShownLatents((tmp_path,))
    for _ in range(2):
        assert shown.picture(LATENT, SD1, "taesd").shape == (1, 4, 4, 3)


@pytest.mark.parametrize(
    ("asked", "settings", "method"),
    [
        (None, Previews.AUTO, "auto"),
        ("default", Previews.NONE, "none"),
        ("taesd", Previews.NONE, "taesd"),
        ("none", Previews.AUTO, "none"),
        (["odd"], Previews.AUTO, "auto"),
    ],
)
def test_a_prompt_goes_before_the_settings(asked: object, settings: Previews, method: str) -> None:
    assert preview_method(asked, settings) == method
