import pytest
import torch

from hub.engine.models.auto_encoder import AutoEncoder, NotItsLatent, PictureTooSmall
from hub.engine.models.checkpoint import Checkpoint
from tests.engine.models.conftest import recorded

FIGURES = recorded("diffusers")


@pytest.fixture
def pictures(tiny: Checkpoint) -> AutoEncoder:
    assert tiny.pictures is not None
    return tiny.pictures


def test_pictures_are_encoded_as_by_diffusers(pictures: AutoEncoder) -> None:
    expected = FIGURES["vae.encoded"]
    found = pictures.encode(FIGURES["vae.pixels"])
    assert (found - expected).abs().max() <= 1e-3 * expected.std()


def test_latents_are_decoded_as_by_diffusers(pictures: AutoEncoder) -> None:
    expected = FIGURES["vae.decoded"]
    found = pictures.decode(FIGURES["vae.latent"])
    assert (found - expected).abs().max() <= 1e-3


def test_facts_are_those_of_the_file(pictures: AutoEncoder) -> None:
    assert (pictures.latent_channels, pictures.downscale_ratio) == (4, 8)


def test_alpha_and_edges_are_left_out(pictures: AutoEncoder) -> None:
    image = torch.rand(1, 27, 32, 4)
    expected = pictures.encode(image[:, 1:25, :, :3])
    assert torch.equal(pictures.encode(image), expected)


def test_what_it_cannot_take_is_told_in_a_sentence(pictures: AutoEncoder) -> None:
    with pytest.raises(NotItsLatent, match=r"shape \[1, 16, 8, 8\], .* takes \[batch, 4, height"):
        pictures.decode(torch.zeros(1, 16, 8, 8))
    with pytest.raises(PictureTooSmall, match=r"7 × 20 pixels, .* at least 8 × 8"):
        pictures.encode(torch.zeros(1, 20, 7, 3))


@pytest.mark.parametrize(("widest", "taken"), [(128, 128), (100, 64), (40, 32)])
def test_what_does_not_fit_is_done_in_tiles(
    widest: int, taken: int, pictures: AutoEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    latent = torch.randn(1, 4, 3, 200)
    widths = []

    def limited(z: torch.Tensor) -> torch.Tensor:
        if z.shape[3] > widest:
            raise torch.OutOfMemoryError
        widths.append(z.shape[3])
        return torch.zeros(len(z), 3, z.shape[2] * 8, z.shape[3] * 8)

    monkeypatch.setattr(pictures.first_stage_model, "decode", limited)
    assert pictures.decode(latent).shape == (1, 24, 1600, 3)
    assert max(widths) == taken


@pytest.mark.parametrize("size", [(16, 24), (40, 136), (8, 300)])
def test_tiles_of_any_size_make_up_the_whole(
    size: tuple[int, int], pictures: AutoEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With an autoencoder that only knows neighbours, so that the whole is known."""

    def means(x: torch.Tensor) -> torch.Tensor:
        return torch.nn.functional.avg_pool2d(x, 8).repeat(1, 2, 1, 1)[:, :4]

    monkeypatch.setattr(pictures.first_stage_model, "encode", means)
    image = torch.rand(2, *size, 3)
    whole = pictures.encode(image)
    assert torch.allclose(pictures.encode_tiled(image, 60, 44, 10), whole, atol=1e-5)
    assert torch.allclose(pictures.encode_tiled(image), whole, atol=1e-5)


def test_another_error_is_no_reason_for_tiles(
    pictures: AutoEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(z: torch.Tensor) -> torch.Tensor:
        raise RuntimeError("shapes do not match")

    monkeypatch.setattr(pictures.first_stage_model, "decode", broken)
    with pytest.raises(RuntimeError, match="shapes do not match"):
        pictures.decode(torch.zeros(1, 4, 2, 2))
