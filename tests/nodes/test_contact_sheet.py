import numpy as np
import pytest
import torch
from PIL import Image

from hub.errors import Invalid
from hub.nodes.contact_sheet import ContactSheet
from hub.nodes.sheet import EMPTY, GROUND, thumbnail
from hub.testing.nodes import NodeBench
from tests.nodes.drawn import BLUE, GREEN, RED, camera_exif, encoded, red_over_blue


@pytest.fixture
def three(bench: NodeBench) -> NodeBench:
    for name, colour in (("a.png", RED), ("b.jpg", GREEN), ("c.webp", BLUE)):
        kind = {"jpg": "JPEG"}.get(name[2:], name[2:])
        bench.add_input(name, encoded(Image.new("RGB", (200, 200), colour), kind))
    return bench


def test_tiles_stand_in_rows_in_the_order_of_the_names(three: NodeBench) -> None:
    (sheet,) = three.run(ContactSheet, files="a.png\n\n b.jpg \nc.webp", columns=2, tile=64)
    assert sheet.shape == (1, 2 * 64 + 3 * 4, 2 * 64 + 3 * 4, 3)
    middles = [sheet[0, 36, 36], sheet[0, 36, 104], sheet[0, 104, 36]]
    assert [middle.argmax().item() for middle in middles] == [0, 1, 2]
    ground = torch.tensor(GROUND) / 255
    assert torch.allclose(sheet[0, 104, 104], ground)


def test_it_tells_how_many_are_done(three: NodeBench) -> None:
    three.run(ContactSheet, files="a.png\nb.jpg", tile=32)
    assert three.steps == [(1, 2), (2, 2)]


def test_title_and_captions_take_room_of_their_own(three: NodeBench) -> None:
    (plain,) = three.run(ContactSheet, files="a.png", tile=160)
    (full,) = three.run(ContactSheet, files="a.png", tile=160, title="Trip", captions=True)
    assert full.shape[2] == plain.shape[2]
    assert full.shape[1] > plain.shape[1] + 40
    assert full[0, :50].min() < 0.5


@pytest.mark.parametrize("name", ["broken.png", "gone.png"])
def test_a_file_that_cannot_be_shown_gets_a_labelled_tile(three: NodeBench, name: str) -> None:
    three.add_input("broken.png", b"this is no picture")
    (sheet,) = three.run(ContactSheet, files=f"a.png\n{name}", columns=2, tile=100)
    tile = sheet[0, 6:106, 112:212]
    assert torch.allclose(tile[3, 3], torch.tensor(EMPTY) / 255)
    assert tile.min() < 0.4


def test_a_name_that_leads_out_is_refused(bench: NodeBench) -> None:
    with pytest.raises(Invalid, match="leads out"):
        bench.run(ContactSheet, files="../secret.png")


def test_no_file_is_refused_in_words(bench: NodeBench) -> None:
    with pytest.raises(Invalid, match="at least one file"):
        bench.run(ContactSheet, files=" \n\n")


def test_a_sheet_too_large_to_be_a_picture_is_refused(bench: NodeBench) -> None:
    with pytest.raises(Invalid, match="of 90 files would have"):
        bench.run(ContactSheet, files="a.png\n" * 90, columns=1, tile=320)


def test_thumbnails_are_upright_and_never_enlarged(bench: NodeBench) -> None:
    lying = red_over_blue(200, 400).transpose(Image.Transpose.ROTATE_90)
    path = bench.add_input("a.jpg", encoded(lying, "JPEG", exif=camera_exif(orientation=6)))
    assert thumbnail(path, 100).size == (50, 100)
    assert thumbnail(path, 1000).size == (200, 400)


def test_thumbnails_of_transparent_and_16_bit_files_have_true_colours(bench: NodeBench) -> None:
    clear = bench.add_input("a.png", encoded(Image.new("RGBA", (9, 9)), "PNG"))
    assert thumbnail(clear, 9).getpixel((4, 4)) == GROUND
    grey = Image.fromarray(np.full((9, 9), 32896, dtype=np.uint16))
    deep = bench.add_input("b.png", encoded(grey, "PNG"))
    assert thumbnail(deep, 9).getpixel((4, 4)) == (128, 128, 128)
