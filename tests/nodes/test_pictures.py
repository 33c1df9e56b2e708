import numpy as np
import pytest
import torch
from PIL import Image

from hub.nodes.photo import SavePhoto
from hub.nodes.pictures import Images, Pictures, cut, images_of, pictures_of, tensor_of
from hub.nodes.resampling import METHODS, middle, rescaled
from hub.nodes.saving import SaveImage
from hub.testing.nodes import NodeBench
from hub.testing.pictures import photograph


def pictures(*seeds: int) -> Pictures:
    return Pictures(tuple(photograph(seed, (60, 40)) for seed in seeds))


def same(one: Images, other: Images) -> bool:
    return torch.equal(tensor_of(one), tensor_of(other))


@pytest.mark.parametrize("method", METHODS)
def test_pictures_and_their_tensor_have_the_same_pixels_after_scaling(method: str) -> None:
    batch = pictures(1, 2)
    scaled = rescaled(batch, 17, 23, method)
    assert scaled.shape == (2, 23, 17, 3)
    assert same(scaled, rescaled(batch.tensor(), 17, 23, method))


def test_pictures_and_their_tensor_are_cut_alike() -> None:
    batch = pictures(1, 2)
    rectangle = middle(batch, 1, 1)
    assert rectangle == (10, 0, 40, 40)
    assert same(cut(batch, *rectangle), cut(batch.tensor(), *rectangle))


def test_pictures_of_the_wanted_size_stay_the_same() -> None:
    batch = pictures(1)
    assert rescaled(batch, 60, 40, "bicubic") is batch


def test_a_grey_16_bit_picture_is_a_tensor_from_the_start() -> None:
    fine = Image.fromarray(np.array([[0, 257, 300, 65535]], dtype=np.uint16))
    assert isinstance(images_of([fine]), torch.Tensor)


def test_changing_a_picture_that_is_written_leaves_the_image_alone() -> None:
    batch = pictures(1)
    before = batch.tensor()
    next(pictures_of(batch)).putalpha(0)
    assert same(batch, before)


def test_what_a_file_said_of_itself_is_not_written_again(bench: NodeBench) -> None:
    picture = photograph(1, (60, 40))
    picture.info = {"icc_profile": b"profile", "comment": b"mine", "dpi": (300, 300)}
    for save in (SaveImage, SavePhoto):
        bench.run(save, images=images_of([picture]), filename_prefix=save.__name__)
        with Image.open(bench.files[0].path) as saved:
            assert not saved.info.keys() & {"icc_profile", "comment", "dpi"}
