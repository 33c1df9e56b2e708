"""The model that comes along, asked by the shipped workflow in a real worker."""

import asyncio
import copy
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from PIL import Image, ImageStat

from hub.config.documents import Documents
from hub.config.problems import Problems
from hub.engine.engine import Engine
from hub.workflows.workflows import Workflows
from tests.engine.story import Story, job, running_engine

pytestmark = pytest.mark.asyncio(loop_scope="module")
CONFIG = Path(__file__).parents[2] / "config"
GRAPH = Workflows.load(Documents(CONFIG), Problems()).get("pixel_scene").graph
Part = tuple[int, int, int, int]
SKY: Part = (0, 48, 160, 96)  # the half of it above the horizon
GROUND: Part = (0, 136, 160, 160)


class Painter:
    """Draws by the shipped workflow."""

    def __init__(self, folder: Path, engine: Engine, story: Story) -> None:
        self._folder, self._engine, self._story = folder, engine, story

    async def draw(self, run: str, prompt: str, seed: int = 1) -> Image.Image:
        graph: dict[str, Any] = copy.deepcopy(GRAPH)
        graph["positive"]["inputs"]["text"] = prompt
        graph["sampler"]["inputs"]["seed"] = seed
        self._engine.submit(job(run, graph, "save"))
        assert (await self._story.ended(run))[-1] == "done 1", self._story.errors
        (file,) = self._story.nodes[run]["save"].files
        return await asyncio.to_thread(opened, self._folder / "staging" / file.staged)


def opened(path: Path) -> Image.Image:
    return Image.open(path).convert("RGB")


def brightness(picture: Image.Image, part: Part) -> float:
    """The sum of its colours' means there."""
    return sum(ImageStat.Stat(picture.crop(part)).mean)


def warmth(picture: Image.Image, part: Part) -> float:
    """How much more red there is than blue."""
    red, _, blue = ImageStat.Stat(picture.crop(part)).mean
    return red - blue


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def painter(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Painter]:
    """The one of a worker that all tests share."""
    folder = tmp_path_factory.mktemp("hub")
    async with running_engine(folder, worker_module="hub.engine.worker") as (engine, story):
        yield Painter(folder, engine, story)


async def test_words_of_the_prompt_decide_on_what_is_drawn(painter: Painter) -> None:
    day = await painter.draw("run1", "a boat on the sea by day")
    evening = await painter.draw("run2", "a boat on the sea in the evening")
    night = await painter.draw("run3", "a boat on the sea at night")
    desert = await painter.draw("run4", "a balloon in the desert by day")
    assert brightness(day, SKY) > 2 * brightness(night, SKY)
    assert warmth(evening, SKY) > warmth(day, SKY) + 80
    assert warmth(desert, GROUND) > warmth(day, GROUND) + 80


async def test_a_seed_gives_the_same_picture_again_and_another_a_different_one(
    painter: Painter, tmp_path: Path
) -> None:
    text = "a boat on the sea in the evening"
    first = await painter.draw("run5", text)
    other = await painter.draw("run6", text, seed=2)
    async with running_engine(tmp_path, worker_module="hub.engine.worker") as (engine, story):
        again = await Painter(tmp_path, engine, story).draw("run1", text)
    assert again.tobytes() == first.tobytes()
    assert other.tobytes() != first.tobytes()
