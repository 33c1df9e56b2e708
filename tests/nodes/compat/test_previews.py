"""Nodes of packs tell how far they are, and show what they have."""

import asyncio
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
import torch
from PIL import Image

from hub.nodes.api import current_context
from hub.nodes.compat.offered.comfy.utils import ProgressBar
from hub.nodes.compat.v3.api import ComfyAPI, ComfyAPISync
from hub.testing.nodes import BenchContext

WIDE = Image.new("RGBA", (1000, 500))


@pytest.fixture
def running(tmp_path: Path) -> Iterator[BenchContext]:
    """The node that is being carried out."""
    context = BenchContext(root=tmp_path)
    token = current_context.set(context)
    yield context
    current_context.reset(token)


def previews(context: BenchContext) -> list[tuple[str | None, tuple[int, int]]]:
    """Format and size of all that were shown."""
    pictures = [Image.open(BytesIO(content)) for content in context.previews]
    return [(picture.format, picture.size) for picture in pictures]


@pytest.mark.parametrize(("unlimited", "size"), [(False, (512, 256)), (True, (1000, 500))])
def test_a_preview_is_as_large_as_wanted(
    running: BenchContext, unlimited: bool, size: tuple[int, int]
) -> None:
    tell = ComfyAPISync().execution.set_progress
    tell(2, 4, preview_image=WIDE, ignore_size_limit=unlimited)
    assert running.steps == [(2, 4)]
    assert previews(running) == [("JPEG", size)]


def test_of_a_batch_the_first_image_is_shown(running: BenchContext) -> None:
    asyncio.run(ComfyAPI().execution.set_progress(3, 4, preview_image=torch.zeros(2, 8, 6, 3)))
    assert previews(running) == [("JPEG", (6, 8))]


def test_a_progress_bar_shows_pictures_too(running: BenchContext) -> None:
    bar = ProgressBar(4)
    bar.update_absolute(1, preview=("PNG", WIDE, 100))
    bar.update_absolute(2, preview=("JPEG", WIDE, None))
    bar.update(1)
    assert running.steps == [(1, 4), (2, 4), (3, 4)]
    assert previews(running) == [("PNG", (100, 50)), ("JPEG", (1000, 500))]
