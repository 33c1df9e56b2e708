"""Each blueprint that is shipped does its work in a whole hub, with a real worker."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
from PIL import Image

from hub.app import Hub
from hub.notices import FiringChanged
from hub.records.firing import FiringState
from hub.testing.inbox import jpeg
from tests.automations.started import ID
from tests.probe.test_inspecting_recordings import film

SHIPPED = Path(__file__).parents[2] / "config"
SETTINGS = "folders: {allow: [inbox, out]}\ntime_zone: UTC\n"


@asynccontextmanager
async def hub_with(folder: Path, **automations: str) -> AsyncIterator[Hub]:
    """A hub with automations made of blueprints, by their ids: the blueprint and its inputs."""
    for name in ("workflows", "blueprints"):
        shutil.copytree(SHIPPED / name, folder / name)
    (folder / "hub.yaml").write_text(SETTINGS)
    (folder / "automations.yaml").write_text(
        "\n".join(
            f"- id: {name}\n  use_blueprint: {{{uses}}}\n" for name, uses in automations.items()
        )
    )
    async with Hub(folder, port=0, worker_module="hub.engine.worker") as hub:
        assert hub.configuration.problems == ()
        yield hub


async def ended(hub: Hub, automation: str) -> None:
    """Until a firing of it has succeeded; one that fails says why."""
    with hub.notices.subscribe() as subscription:
        while True:
            for firing in await hub.books.firings.page(automation=automation):
                assert firing.state is not FiringState.FAILED, firing.reason
                if firing.state is FiringState.SUCCEEDED:
                    return
            async for notice in subscription:
                if isinstance(notice, FiringChanged):
                    break


def size(path: Path) -> tuple[int, int]:
    with Image.open(path) as picture:
        return picture.size


def names(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


async def test_an_inbox_is_processed_and_a_chain_goes_on_with_what_came_out(tmp_path: Path) -> None:
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox/cat.jpg").write_bytes(jpeg(size=(64, 48)))
    async with hub_with(
        tmp_path,
        scans="path: process_inbox.yaml, input: {inbox: inbox, result: out/scans}",
        chain="path: run_chain.yaml, input: {first: photo, result: out/chain}",
    ) as hub:
        await ended(hub, "scans")
        await ended(hub, "chain")
    assert names(tmp_path / "out/scans") == ["cat.jpg", "cat.webp"]
    assert names(tmp_path / "inbox") == ["processed/cat.jpg"]
    (sheet,) = names(tmp_path / "out/chain")
    assert size(tmp_path / "out/chain" / sheet)[0] > 64


async def test_product_photos_come_in_all_sizes_and_videos_as_frames(tmp_path: Path) -> None:
    for name in ("shop", "films"):
        (tmp_path / "inbox" / name).mkdir(parents=True)
    (tmp_path / "inbox/shop/shoe.jpg").write_bytes(jpeg(size=(64, 48)))
    film(tmp_path / "inbox/films/holiday.mp4", frames=50)
    async with hub_with(
        tmp_path,
        shop="path: product_photos.yaml, input: {inbox: inbox/shop, result: out/shop,"
        " sizes: [16, 32]}",
        films="path: video_frames.yaml, input: {inbox: inbox/films, result: out/films,"
        " seconds: 0.2}",
    ) as hub:
        await ended(hub, "shop")
        await ended(hub, "films")
    assert names(tmp_path / "out/shop") == [
        *("16/shoe.jpg", "16/shoe.webp", "32/shoe.jpg", "32/shoe.webp")
    ]
    assert size(tmp_path / "out/shop/16/shoe.jpg") == (16, 12)
    assert len(names(tmp_path / "out/films/holiday")) == 5
    assert names(tmp_path / "inbox") == [
        "films/processed/holiday.mp4",
        "shop/processed/shoe.jpg",
    ]


async def test_a_request_is_answered_with_its_picture_and_a_series_comes_by_hand(
    tmp_path: Path,
) -> None:
    async with (
        hub_with(
            tmp_path,
            cards=f"path: image_on_request.yaml, input: {{webhook_id: {ID}, token: key,"
            " result: out/cards}",
            series="path: nightly_series.yaml, input: {subjects: [a mill], styles: [at dusk],"
            " count: 2, result: out/series}",
        ) as hub,
        aiohttp.ClientSession() as session,
    ):
        url = f"{hub.address}/api/webhook/{ID}"
        key = {"Authorization": "Bearer key"}
        async with session.post(url, json={"title": "Hello"}, headers=key) as response:
            assert (response.status, response.content_type) == (200, "image/png")
            answered = await response.read()
        (kept,) = (tmp_path / "out/cards").iterdir()
        assert kept.read_bytes() == answered
        await hub.supervisor.trigger("series", {}, key="by hand")
        await ended(hub, "series")
    made = [path.name for path in (tmp_path / "out/series").rglob("*.png")]
    assert sorted(made) == ["1 a_mill.png", "2 a_mill.png"]
