import pytest
import torch
from PIL import Image, ImageDraw
from torch import Tensor

from hub.errors import Invalid
from hub.nodes.lettering import LEADING, fitted, shortened, wrapped
from hub.nodes.lettering import font_of as font
from hub.nodes.titled_card import TitledCard
from hub.testing.nodes import NodeBench

COLOURS = {"background": "#000000", "foreground": "#ffffff", "accent": "#ff0000"}
TEXTS = {"title": "Harbour", "subtitle": "March", "body": "All went well. " * 9}


@pytest.fixture
def draw() -> ImageDraw.ImageDraw:
    return ImageDraw.Draw(Image.new("RGB", (1, 1)))


def margins(card: Tensor) -> float:
    """The brightest value in a frame around the card, 5 % of its shorter side wide."""
    inner = card.clone()
    edge = min(card.shape[1:3]) // 20
    inner[:, edge:-edge, edge:-edge] = 0
    return inner.max().item()


@pytest.mark.parametrize(("width", "height"), [(1200, 630), (300, 600), (64, 64)])
def test_texts_of_any_length_stay_inside_the_card(
    bench: NodeBench, width: int, height: int
) -> None:
    texts = {"title": "word " * 60, "subtitle": "sub " * 60, "body": "Donaudampfschiff" * 90}
    (card,) = bench.run(TitledCard, **texts, **COLOURS, width=width, height=height)
    assert card.shape == (1, height, width, 3)
    assert margins(card) == 0


def test_the_bar_has_the_accent_and_the_title_the_foreground(bench: NodeBench) -> None:
    (card,) = bench.run(TitledCard, **COLOURS, title="Harbour", width=600, height=300)
    pixels = card.reshape(-1, 3)
    assert (pixels == torch.tensor([1.0, 0.0, 0.0])).all(dim=1).sum() > 200
    assert (pixels == torch.tensor([1.0, 1.0, 1.0])).all(dim=1).sum() > 200


@pytest.mark.parametrize("text", list(TEXTS))
def test_every_text_is_drawn(bench: NodeBench, text: str) -> None:
    (full,) = bench.run(TitledCard, **TEXTS, **COLOURS)
    (without,) = bench.run(TitledCard, **{**TEXTS, text: ""}, **COLOURS)
    assert not torch.equal(full, without)


def test_an_unknown_colour_is_named(bench: NodeBench) -> None:
    with pytest.raises(Invalid, match="'mauvish' is no colour"):
        bench.run(TitledCard, title="x", accent="mauvish")


def test_lines_break_between_words_and_in_words_that_are_too_wide(
    draw: ImageDraw.ImageDraw,
) -> None:
    lines = list(wrapped(draw, "one two\n\nDonaudampfschifffahrt", font(20), 80))
    assert lines[:2] == ["one two", ""]
    assert "".join(lines[2:]) == "Donaudampfschifffahrt"
    assert all(draw.textlength(line, font(20)) <= 80 for line in lines)


def test_a_longer_text_is_set_smaller_until_it_fits(draw: ImageDraw.ImageDraw) -> None:
    large, _ = fitted(draw, "short", 60, 400, 200)
    small, lines = fitted(draw, "much longer " * 8, 60, 400, 200)
    assert large.size == 60
    assert 20 <= small.size < 60
    assert len(lines) * small.size * LEADING <= 200


def test_what_fits_at_no_size_ends_with_an_ellipsis(draw: ImageDraw.ImageDraw) -> None:
    smallest, lines = fitted(draw, "word " * 500, 60, 200, 100)
    assert lines[-1].endswith("…")
    assert len(lines) * smallest.size * LEADING <= 100


def test_a_title_for_one_line_keeps_its_beginning_and_its_end(
    draw: ImageDraw.ImageDraw,
) -> None:
    short = shortened(draw, "a" * 4000 + "z" * 4000, font(20), 120)
    assert draw.textlength(short, font(20)) <= 120
    assert short.startswith("aa")
    assert short.endswith("zz")
    assert shortened(draw, " as  it is ", font(20), 120) == "as it is"
