import pytest
import torch
from torch import Tensor

from hub.engine.models.latent_formats import SDXL
from hub.engine.models.seen_pictures import Sees, seen

SHAPE = torch.Size([3, 4, 8, 8])


def shown(sees: Sees, given: Tensor | None = None) -> Tensor:
    options = {} if given is None else {"concat_latent_image": given}
    found = seen(sees, options, SDXL, SHAPE, None)
    assert found is not None
    return found


def test_most_models_see_nothing_beside_their_latent() -> None:
    assert seen(Sees.NOTHING, {"concat_latent_image": torch.ones(SHAPE)}, SDXL, SHAPE, None) is None


@pytest.mark.parametrize(("sees", "factor"), [(Sees.PICTURE, 1.0), (Sees.SCALED_PICTURE, 0.13025)])
def test_a_picture_is_seen_as_it_is_encoded_or_scaled(sees: Sees, factor: float) -> None:
    latent = torch.randn(2, 4, 8, 8)
    assert torch.allclose(shown(sees, latent), latent * factor)


@pytest.mark.parametrize("sees", [Sees.PICTURE, Sees.SCALED_PICTURE])
def test_zeros_are_seen_where_no_picture_is_given(sees: Sees) -> None:
    assert torch.equal(shown(sees), torch.zeros(1, 4, 8, 8))


def test_a_picture_of_another_size_is_seen_in_that_of_the_latent() -> None:
    given = torch.full((1, 4, 4, 16), 3.0)
    assert torch.equal(shown(Sees.PICTURE, given), torch.full((1, 4, 8, 8), 3.0))
