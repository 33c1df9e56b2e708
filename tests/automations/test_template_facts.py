"""Facts of files in templates: found out by the hub, with real probes and files."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from PIL import Image

from hub.automations.template_answers import Answers
from hub.automations.template_environment import TemplateFailed
from hub.automations.templates import MOST_FACTS, Templates
from hub.config.folders import Allowed, Folders
from hub.probe.pool import ProbePool
from hub.testing.clock import ScriptedClock


@pytest.fixture
async def templates(tmp_path: Path) -> AsyncIterator[Templates]:
    folders = Folders(config=tmp_path, data=tmp_path / "data", allowed=Allowed((tmp_path / "in",)))
    (tmp_path / "in").mkdir()
    picture = Image.new("RGB", (40, 30), (250, 20, 20))
    picture.paste((0, 0, 255), (0, 0, 10, 30))
    exif = Image.Exif()
    exif[0x0110] = "A camera"
    picture.save(tmp_path / "in/a.png", exif=exif)
    (tmp_path / "in/notes.txt").write_text("no picture")
    (tmp_path / "wildcards").mkdir()
    (tmp_path / "wildcards/colour.txt").write_text("# colours\nred\n\ngreen\nblue\n")
    (tmp_path / "wildcards/empty.txt").write_text("# nothing\n")
    async with (
        ProbePool(size=1) as probe,
        Templates(
            ScriptedClock(),
            ZoneInfo("UTC"),
            find_fact=Answers(probe, folders).find,
            deadline=20,
        ) as templates,
    ):
        yield templates


async def value(templates: Templates, source: str, **variables: Any) -> Any:
    return await templates.render(source, variables, native=True)


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("{{ image_size('in/a.png') }}", {"width": 40, "height": 30}),
        ("{{ ('in/a.png' | image_size).width }}", 40),
        ("{{ 'in/a.png' | exif('Model') }}", "A camera"),
        ("{{ exif(output, 'Nothing') is none }}", True),
        ("{{ output | dominant_color }}", "#fa1414"),
    ],
)
async def test_facts_of_a_picture_are_known(templates: Templates, source: str, wanted: Any) -> None:
    assert await value(templates, source, output={"path": "in/a.png"}) == wanted


async def test_pictures_that_look_alike_have_like_hashes(
    templates: Templates, tmp_path: Path
) -> None:
    with Image.open(tmp_path / "in/a.png") as picture:
        picture.resize((80, 60)).convert("RGB").save(tmp_path / "in/large.jpg", quality=60)
        picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT).save(tmp_path / "in/other.png")
    hashes = [
        int(await value(templates, f"{{{{ phash('in/{name}') }}}}"), 16)
        for name in ("a.png", "large.jpg", "other.png")
    ]
    assert (hashes[0] ^ hashes[1]).bit_count() <= 8
    assert (hashes[0] ^ hashes[2]).bit_count() > 16


async def test_wildcards_are_lines_of_a_list(templates: Templates) -> None:
    drawn = {
        await value(templates, f"{{{{ wildcard('colour', seed={seed}) }}}}") for seed in range(30)
    }
    assert drawn == {"red", "green", "blue"}
    assert await value(templates, "{{ wildcard('colour', 1) == wildcard('colour', 1) }}") is True
    assert await value(templates, "{{ wildcard('colour') }}") in drawn


async def test_seeds_are_the_same_for_the_same_value(templates: Templates) -> None:
    first = await value(templates, "{{ seed_from('cat.jpg') }}")
    assert first == await value(templates, "{{ 'cat.jpg' | seed_from }}")
    assert first != await value(templates, "{{ seed_from('dog.jpg') }}")
    assert 0 <= first < 2**53


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("{{ image_size('in/notes.txt') }}", "is not a picture, video or sound"),
        ("{{ phash('in/notes.txt') }}", "is not a picture or video"),
        ("{{ exif('/etc/passwd') }}", "lies outside the folders"),
        ("{{ exif(5) }}", "'5' is no file: a path or an output is wanted"),
        ("{{ wildcard('colours') }}", "there is no list wildcards/colours.txt"),
        ("{{ wildcard('../secrets') }}", "there is no list wildcards/../secrets.txt"),
        ("{{ wildcard('empty') }}", "wildcards/empty.txt has no line to choose from"),
        ("{% for n in range(200) %}{{ wildcard(n) }}{% endfor %}", "there is no list"),
    ],
)
async def test_what_cannot_be_found_out_is_told(
    templates: Templates, source: str, told: str
) -> None:
    with pytest.raises(TemplateFailed, match="failed") as caught:
        await value(templates, source)
    assert told in str(caught.value)


async def test_a_template_may_not_ask_for_ever(templates: Templates, tmp_path: Path) -> None:
    for number in range(MOST_FACTS + 1):
        (tmp_path / f"wildcards/{number}.txt").write_text("x")
    with pytest.raises(TemplateFailed, match="asks about more than 100 files"):
        await value(templates, "{% for n in range(200) %}{{ wildcard(n) }}{% endfor %}")
