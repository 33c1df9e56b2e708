import weakref
from collections.abc import Iterator

import numpy as np
import torch
from PIL import Image

from hub.nodes.pixels import batch_of, image_of, mask_of, picture_of


def test_every_8_bit_level_survives_both_ways() -> None:
    levels = np.arange(256, dtype=np.uint8).reshape(16, 16)
    picture = Image.merge("RGB", [Image.fromarray(levels)] * 3)
    assert picture_of(image_of(picture)).tobytes() == picture.tobytes()


def test_level_k_is_exactly_k_over_255() -> None:
    picture = Image.new("RGB", (1, 1), (0, 51, 255))
    expected = torch.tensor([0.0, 51.0, 255.0]) / 255
    assert torch.equal(image_of(picture)[0, 0], expected)


def test_values_are_rounded_to_the_nearest_level() -> None:
    values = torch.tensor([100.49, 100.51, 100.99]) / 255
    assert picture_of(values.view(1, 1, 3)).getpixel((0, 0)) == (100, 101, 101)


def test_values_out_of_range_are_clipped_and_what_is_no_number_is_black() -> None:
    image = torch.tensor([-3.0, 7.0, float("nan")]).view(1, 1, 3)
    assert picture_of(image).getpixel((0, 0)) == (0, 255, 0)


def test_a_large_image_is_converted_in_bands_without_a_seam() -> None:
    ramp = (torch.arange(700 * 500) % 256).view(700, 500, 1).repeat(1, 1, 3)
    assert np.array_equal(np.asarray(picture_of(ramp / 255)), ramp.numpy())


def test_a_grey_16_bit_picture_keeps_its_finer_levels() -> None:
    picture = Image.fromarray(np.array([[0, 257, 300, 65535]], dtype=np.uint16))
    expected = torch.tensor([0, 257, 300, 65535]) / 65535
    assert torch.allclose(image_of(picture)[0, :, 1], expected, atol=1e-7)


def test_one_four_and_cut_out_channels_become_grey_and_transparent_pictures() -> None:
    image = torch.rand(5, 6, 8)
    assert picture_of(image[..., :1]).mode == "L"
    assert picture_of(image[..., 2:6]).mode == "RGBA"
    assert picture_of(image[::2, ::2, :3]).size == (3, 3)


def test_a_mask_is_one_where_the_picture_is_transparent() -> None:
    mask = mask_of(Image.new("RGBA", (2, 1), (9, 9, 9, 51)))
    assert mask is not None
    assert torch.allclose(mask, torch.full((1, 2), 0.8))


def test_a_palette_with_a_transparent_colour_gives_a_mask() -> None:
    picture = Image.new("P", (1, 1))
    picture.info["transparency"] = 0
    mask = mask_of(picture)
    assert mask is not None
    assert mask.item() == 1.0


def test_an_opaque_picture_gives_no_mask() -> None:
    assert mask_of(Image.new("RGB", (1, 1))) is None


def test_the_images_of_a_batch_are_held_one_by_one() -> None:
    made: list[weakref.ref[torch.Tensor]] = []

    def images() -> Iterator[torch.Tensor]:
        for number in range(6):
            image = torch.full((4, 5, 3), float(number))
            made.append(weakref.ref(image))
            assert sum(each() is not None for each in made) <= 3  # the first, the last and this
            yield image

    batch = batch_of(images(), 6)
    assert torch.equal(batch[:, 0, 0, 0], torch.arange(6.0))
