import numpy as np
import pytest
import torch
from PIL import Image

from hub.errors import Invalid, NotFound
from hub.nodes.loading import LoadImage, LoadImageMask
from hub.testing.nodes import NodeBench
from tests.nodes.drawn import BLUE, GREEN, RED, camera_exif, encoded, red_over_blue


def test_an_opaque_picture_comes_with_64_by_64_zeros_as_its_mask(bench: NodeBench) -> None:
    bench.add_input("a.png", encoded(red_over_blue(), "PNG"))
    image, mask = bench.run(LoadImage, image="a.png")
    assert image.shape == (1, 80, 40, 3)
    assert image.dtype == torch.float32
    assert image[0, 0, 0].tolist() == [1, 0, 0]
    assert torch.equal(mask, torch.zeros(1, 64, 64))


def test_a_transparent_picture_comes_with_a_mask_of_its_size(bench: NodeBench) -> None:
    bench.add_input("a.png", encoded(Image.new("RGBA", (5, 4), (10, 20, 30, 0)), "PNG"))
    image, mask = bench.run(LoadImage, image="a.png")
    assert image.shape == (1, 4, 5, 3)
    assert torch.equal(mask, torch.ones(1, 4, 5))


def test_a_photo_taken_sideways_comes_upright(bench: NodeBench) -> None:
    lying = red_over_blue().transpose(Image.Transpose.ROTATE_90)
    bench.add_input("a.jpg", encoded(lying, "JPEG", exif=camera_exif(orientation=6)))
    image, _ = bench.run(LoadImage, image="a.jpg")
    assert image.shape == (1, 80, 40, 3)
    assert image[0, 10, 20, 0] > 0.9
    assert image[0, 70, 20, 2] > 0.9


def test_the_frames_of_an_animation_become_a_batch(bench: NodeBench) -> None:
    frames = [Image.new("RGB", (6, 6), colour) for colour in (RED, GREEN, BLUE)]
    animation = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    bench.add_input("a.gif", animation)
    image, mask = bench.run(LoadImage, image="a.gif")
    assert image[:, 0, 0].tolist() == [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    assert len(mask) == 3


def test_pages_of_another_size_than_the_first_are_left_out(bench: NodeBench) -> None:
    pages = [Image.new("RGB", size) for size in ((6, 6), (7, 6), (6, 6))]
    file = encoded(pages[0], "TIFF", save_all=True, append_images=pages[1:])
    bench.add_input("a.tiff", file)
    image, _ = bench.run(LoadImage, image="a.tiff")
    assert image.shape == (2, 6, 6, 3)


def test_a_multi_picture_jpeg_gives_its_photo_only(bench: NodeBench) -> None:
    preview = Image.new("RGB", (40, 80))
    bench.add_input(
        "a.jpg", encoded(red_over_blue(), "MPO", save_all=True, append_images=[preview])
    )
    image, _ = bench.run(LoadImage, image="a.jpg")
    assert len(image) == 1


def test_a_grey_16_bit_file_spans_zero_to_one(bench: NodeBench) -> None:
    levels = np.array([[0, 32768, 65535]], dtype=np.uint16)
    bench.add_input("a.png", encoded(Image.fromarray(levels), "PNG"))
    image, _ = bench.run(LoadImage, image="a.png")
    assert torch.allclose(image[0, 0, :, 0], torch.tensor([0.0, 32768 / 65535, 1.0]))


def test_a_broken_file_is_named_in_the_error(bench: NodeBench) -> None:
    whole = encoded(red_over_blue(400, 400), "PNG")
    bench.add_input("half.png", whole[: len(whole) // 2])
    with pytest.raises(Invalid, match=r"half\.png cannot be read as a picture"):
        bench.run(LoadImage, image="half.png")


def test_a_missing_file_is_not_found(bench: NodeBench) -> None:
    with pytest.raises(NotFound, match="gone"):
        bench.run(LoadImage, image="gone.png")


@pytest.mark.parametrize(
    ("channel", "value"), [("red", 51), ("green", 102), ("blue", 153), ("alpha", 255 - 204)]
)
def test_a_mask_is_read_from_any_channel_and_alpha_is_inverted(
    bench: NodeBench, channel: str, value: int
) -> None:
    bench.add_input("a.png", encoded(Image.new("RGBA", (3, 2), (51, 102, 153, 204)), "PNG"))
    (mask,) = bench.run(LoadImageMask, image="a.png", channel=channel)
    assert torch.allclose(mask, torch.full((1, 2, 3), value / 255))


def test_the_alpha_of_an_opaque_picture_masks_nothing(bench: NodeBench) -> None:
    bench.add_input("a.png", encoded(red_over_blue(), "PNG"))
    (mask,) = bench.run(LoadImageMask, image="a.png", channel="alpha")
    assert torch.equal(mask, torch.zeros(1, 80, 40))
