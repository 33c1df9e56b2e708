import struct
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image, ImageCms

from hub.errors import Invalid
from hub.nodes.photo import LoadPhoto, SavePhoto
from hub.nodes.photo_metadata import PhotoMetadata, upright_exif
from hub.testing.nodes import NodeBench
from tests.nodes.drawn import RED, camera_exif, encoded, red_over_blue

PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><note>harbour</note></x:xmpmeta>'
KINDS = ("jpeg", "webp", "avif", "png")


def converted(bench: NodeBench, kind: str, **inputs: Any) -> Image.Image:
    """`photo.jpg` of the bench, loaded and saved as `kind`."""
    images, mask, metadata = bench.run(LoadPhoto, image="photo.jpg")
    defaults = {"images": images, "mask": mask, "metadata": metadata, "format": kind}
    bench.run(SavePhoto, **{**defaults, **inputs})
    with Image.open(bench.files[0].path) as saved:
        saved.load()
        return saved


def mode_of(path: Path) -> str:
    with Image.open(path) as file:
        return file.mode


@pytest.mark.parametrize("kind", KINDS)
def test_camera_profile_and_xmp_survive(bench: NodeBench, kind: str) -> None:
    photo = encoded(red_over_blue(), "JPEG", exif=camera_exif(), icc_profile=PROFILE, xmp=XMP)
    bench.add_input("photo.jpg", photo)
    saved = converted(bench, kind)
    assert saved.getexif()[0x0110] == "Hasselblad 500C"
    assert saved.info["icc_profile"] == PROFILE
    assert saved.info["xmp"] == XMP


@pytest.mark.parametrize("kind", KINDS)
def test_a_photo_taken_sideways_is_saved_upright(bench: NodeBench, kind: str) -> None:
    lying = red_over_blue().transpose(Image.Transpose.ROTATE_90)
    bench.add_input("photo.jpg", encoded(lying, "JPEG", exif=camera_exif(orientation=6)))
    saved = converted(bench, kind)
    assert saved.size == (40, 80)
    assert saved.getexif().get(0x0112, 1) == 1
    red, _, blue = saved.convert("RGB").getpixel((20, 10))  # type: ignore[misc]  # a tuple in RGB
    assert red > 200 > 50 > blue


@pytest.mark.parametrize(("name", "largest"), [("exif", 65_533), ("xmp", 65_533 - 29)])
def test_metadata_too_large_for_a_jpeg_is_left_out_with_a_note(
    bench: NodeBench, name: str, largest: int, caplog: pytest.LogCaptureFixture
) -> None:
    assert name in kept_in_jpeg(bench, name, largest)
    assert caplog.messages == []
    assert kept_in_jpeg(bench, name, largest + 1) == {"exif", "xmp", "icc_profile"} - {name}
    (note,) = caplog.messages
    assert f"without its {name.upper()}" in note


def kept_in_jpeg(bench: NodeBench, name: str, size: int) -> set[str]:
    """Which metadata a JPEG has when one of them has that many bytes."""
    blocks = {"exif": camera_exif().tobytes(), "xmp": XMP, "icc_profile": PROFILE}
    metadata = PhotoMetadata(**{**blocks, name: blocks[name].ljust(size, b"\0")})
    bench.run(SavePhoto, images=torch.ones(1, 8, 8, 3), metadata=metadata)
    with Image.open(bench.files[0].path) as saved:
        return blocks.keys() & saved.info.keys()


@pytest.mark.parametrize("kind", ["webp", "avif", "png"])
def test_other_formats_hold_large_metadata(bench: NodeBench, kind: str) -> None:
    exif = camera_exif()
    exif[0x010E] = "x" * 70_000
    metadata = PhotoMetadata(exif=exif.tobytes())
    bench.run(SavePhoto, images=torch.ones(1, 8, 8, 3), metadata=metadata, format=kind)
    with Image.open(bench.files[0].path) as saved:
        assert saved.getexif()[0x010E] == exif[0x010E]


def test_metadata_can_be_left_out(bench: NodeBench) -> None:
    photo = encoded(red_over_blue(), "JPEG", exif=camera_exif(), icc_profile=PROFILE, xmp=XMP)
    bench.add_input("photo.jpg", photo)
    saved = converted(bench, "jpeg", keep_metadata=False)
    assert not saved.getexif()
    assert "icc_profile" not in saved.info
    assert "xmp" not in saved.info


def test_a_photo_without_metadata_is_saved_all_the_same(bench: NodeBench) -> None:
    bench.add_input("photo.jpg", encoded(red_over_blue(), "JPEG"))
    images, _, metadata = bench.run(LoadPhoto, image="photo.jpg")
    assert metadata == PhotoMetadata()
    bench.run(SavePhoto, images=images, filename_prefix="%width%/p")
    assert bench.files[0].path.name == "p_00001_.jpg"
    assert bench.files[0].subfolder == "40"
    assert (bench.files[0].width, bench.files[0].height) == (40, 80)


@pytest.mark.parametrize("kind", ["webp", "avif", "png"])
def test_a_mask_becomes_transparency(bench: NodeBench, kind: str) -> None:
    mask = torch.zeros(1, 32, 32)
    mask[:, :, 16:] = 1.0
    bench.run(SavePhoto, images=torch.ones(1, 32, 32, 3), mask=mask, format=kind, quality=100)
    with Image.open(bench.files[0].path) as saved:
        alpha = saved.getchannel("A")
    assert (alpha.getpixel((3, 16)), alpha.getpixel((28, 16))) == (255, 0)


def test_jpeg_shows_the_background_where_the_mask_leaves_out(bench: NodeBench) -> None:
    inputs = {"images": torch.ones(1, 32, 32, 3), "mask": torch.ones(1, 32, 32), "quality": 100}
    bench.run(SavePhoto, **inputs, format="jpeg", background="#ff0000")
    with Image.open(bench.files[0].path) as saved:
        red, green, blue = saved.getpixel((5, 5))  # type: ignore[misc]  # a tuple in RGB
    assert red > 250
    assert max(green, blue) < 5


def test_a_mask_that_leaves_nothing_out_makes_an_opaque_file(bench: NodeBench) -> None:
    images = torch.rand(1, 8, 8, 3)
    bench.run(SavePhoto, images=images, mask=torch.zeros(1, 64, 64), format="png")
    assert mode_of(bench.files[0].path) == "RGB"


def test_the_last_mask_serves_the_images_that_have_none(bench: NodeBench) -> None:
    masks = torch.stack([torch.zeros(4, 4), torch.ones(4, 4)])
    bench.run(SavePhoto, images=torch.rand(3, 4, 4, 3), mask=masks, format="png")
    assert [mode_of(file.path) for file in bench.files] == ["RGB", "RGBA", "RGBA"]


def test_an_unknown_background_is_refused_before_a_file_is_made(bench: NodeBench) -> None:
    with pytest.raises(Invalid, match="mauvish"):
        bench.run(SavePhoto, images=torch.rand(1, 4, 4, 3), background="mauvish")
    assert bench.files == []


def test_a_photo_in_inks_comes_in_red_green_and_blue(bench: NodeBench) -> None:
    inks = Image.new("RGB", (8, 8), RED).convert("CMYK")
    bench.add_input("photo.jpg", encoded(inks, "JPEG", quality=100, icc_profile=b"broken"))
    images, _, metadata = bench.run(LoadPhoto, image="photo.jpg")
    assert torch.allclose(images[0, 4, 4], torch.tensor([1.0, 0.0, 0.0]), atol=0.05)
    assert metadata.icc_profile == b""


def test_a_grey_photo_leaves_its_grey_profile_behind(bench: NodeBench) -> None:
    grey = PROFILE[:16] + b"GRAY" + PROFILE[20:]
    bench.add_input("photo.jpg", encoded(Image.new("L", (8, 8), 128), "JPEG", icc_profile=grey))
    images, _, metadata = bench.run(LoadPhoto, image="photo.jpg")
    assert images.shape == (1, 8, 8, 3)
    assert metadata.icc_profile == b""


def test_a_tiffs_camera_is_known_and_its_layout_forgotten(bench: NodeBench) -> None:
    bench.add_input("photo.jpg", encoded(red_over_blue(), "TIFF", tiffinfo=camera_exif()))
    _, _, metadata = bench.run(LoadPhoto, image="photo.jpg")
    exif = Image.Exif()
    exif.load(metadata.exif)
    assert dict(exif) == {0x0110: "Hasselblad 500C"}


@pytest.mark.parametrize("order", ["<", ">"])
def test_only_the_orientation_changes_in_an_exif_block(order: str) -> None:
    entries = struct.pack(f"{order}HHHIHH", 1, 0x0112, 3, 1, 6, 0)
    mark = b"II" if order == "<" else b"MM"
    block = b"Exif\0\0" + mark + struct.pack(f"{order}HI", 42, 8) + entries + b"maker's note"
    changed = upright_exif(block)
    assert len(changed) == len(block)
    different = [place for place, byte in enumerate(block) if changed[place] != byte]
    assert len(different) == 1
    assert changed[different[0]] == 1


@pytest.mark.parametrize("block", [b"", b"Exif\0\0", b"Exif\0\0II*\0\xff\xff\xff\x7f", b"junk" * 9])
def test_an_exif_block_that_is_no_exif_stays_as_it_is(block: bytes) -> None:
    assert upright_exif(block) == block
