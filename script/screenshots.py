"""Pictures of every page of a hub that has something to show: `script/screenshots [FOLDER]`.

The hub runs on a copy of ./config with a real worker; what it shows are the pictures of the demo,
and some runs of the shipped workflows. With `--docs` the few that README and docs show are made
anew in docs/images.
"""

import argparse
import asyncio
import io
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import aiohttp
from demo_pictures import make_pictures
from PIL import Image
from playwright.async_api import Browser, async_playwright

from hub.app import Hub
from hub.notices import FiringChanged, Subscription

ROOT = Path(__file__).parent.parent
CHROMIUM = "/usr/bin/chromium"
SIZES = {"phone": (390, 844), "desktop": (1360, 850)}
THEMES = ("light", "dark")
PAGES = {
    "overview": "#/",
    "automations": "#/automations",
    "automation": "#/automations/photos",
    "trace": "#/automations/photos",
    "editor": "#/edit/photos",
    "editor-new": "#/edit",
    "runs": "#/runs",
    "run": "#/runs/1",
    "picture": "#/runs/1",
    "run-failed": "#/runs/9",
    "run-sampled": "#/runs/10",
    "change": "#/change/9",
    "compare": "#/compare?one=4&other=5",
    "gallery": "#/gallery",
    "workflows": "#/workflows",
    "workflow": "#/workflows/card",
    "schedule": "#/schedule",
    "webhooks": "#/webhooks",
    "why": "#/why?path=inbox/processed/demo-1-cutout.png",
    "system": "#/system",
    "settings": "#/settings",
    "settings-keeping": "#/settings/keeping",
    "settings-log": "#/settings/log",
}
SCENES = ("a boat on the sea in the evening", "a house by night", "a tree on a meadow by day")
FOLLOWED = {  # what is pressed, one after the other, and what is there then
    "trace": ("#firings a", "#values"),
    "picture": ("button.tile", "button[aria-label='Compare with what went in']", ".wipe .before"),
}
IN_DOCS = (("overview", "light"), ("run", "dark"), ("gallery", "dark"), ("editor", "light"))


@dataclass(frozen=True, kw_only=True)
class View:
    """One picture that is to be taken."""

    page: str
    theme: str
    size: str

    @property
    def name(self) -> str:
        return f"{self.page}-{self.theme}-{self.size}.png"


def main() -> None:
    parser = argparse.ArgumentParser(description="Takes pictures of every page.")
    parser.add_argument("folder", type=Path, nargs="?", default=ROOT / "dist" / "screenshots")
    parser.add_argument("--only", metavar="PAGE", nargs="+", help="only these pages")
    parser.add_argument("--docs", action="store_true", help="only those that the docs show")
    arguments = parser.parse_args()
    folder = ROOT / "docs" / "images" if arguments.docs else arguments.folder
    folder.mkdir(parents=True, exist_ok=True)
    wanted = [
        view
        for view in views(only_docs=arguments.docs)
        if not arguments.only or view.page in arguments.only
    ]
    asyncio.run(take_all(folder, wanted, only_docs=arguments.docs))


def views(*, only_docs: bool) -> list[View]:
    if only_docs:
        return [View(page=page, theme=theme, size="desktop") for page, theme in IN_DOCS]
    return [
        View(page=page, theme=theme, size=size)
        for page in PAGES
        for theme in THEMES
        for size in SIZES
    ]


async def take_all(folder: Path, wanted: list[View], *, only_docs: bool) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        config = Path(temporary) / "config"
        shutil.copytree(ROOT / "config", config, ignore=shutil.ignore_patterns("data", "out"))
        (config / "inbox").mkdir(exist_ok=True)  # a fresh checkout has none
        async with Hub(config, port=0) as hub, async_playwright() as playwright:
            await fill(hub, config)
            browser = await playwright.chromium.launch(
                executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
            )
            for view in wanted:
                picture = await take(browser, hub.address, view)
                (folder / view.name).write_bytes(smaller(picture) if only_docs else picture)
                print(folder / view.name)  # noqa: T201 -- what was asked for
            await browser.close()


async def fill(hub: Hub, config: Path) -> None:
    """Let something happen that is worth looking at."""
    with hub.notices.subscribe() as subscription:
        for picture in make_pictures(config.parent, config, 1):
            picture.drop()
        await ended(subscription, firings=3)
    async with aiohttp.ClientSession(hub.address) as client:
        for body in requests():
            async with client.post("/api/hub/workflows/card/run", json=body) as answer:
                number = (await answer.json())["run"]["id"]
            await hub.runs.wait(number)
        graph = {
            "1": {
                "class_type": "EmptyImage",
                "inputs": {"width": 64, "height": 64, "batch_size": 1, "color": 255},
            },
            "2": {
                "class_type": "SaveImage",
                "inputs": {"images": ["1", 0], "filename_prefix": "../outside"},
            },
        }
        async with client.post("/prompt", json={"prompt": graph}) as answer:
            failing = (await answer.json())["prompt_id"]
        await hub.runs.wait(failing)
        for scene in SCENES:
            wanted = {"parameters": {"prompt": scene, "seed": 1}}
            async with client.post("/api/hub/workflows/pixel_scene/run", json=wanted) as answer:
                number = (await answer.json())["run"]["id"]
            await hub.runs.wait(number)


def requests() -> Iterator[dict[str, dict[str, str]]]:
    colours = ("seagreen", "tomato", "steelblue", "goldenrod", "indigo")
    for number, colour in enumerate(colours, 1):
        card = {"title": f"Card {number}", "body": "Drawn by a request.", "background": colour}
        yield {"parameters": {**card, "width": "640", "height": "640"}}


async def ended(subscription: Subscription, *, firings: int) -> None:
    over: set[str] = set()
    async for notice in subscription:
        match notice:
            case FiringChanged(firing=firing, state="succeeded" | "failed"):
                over.add(firing)
        if len(over) >= firings:
            return


async def take(browser: Browser, address: str, view: View) -> bytes:
    width, height = SIZES[view.size]
    page = await browser.new_page(
        viewport={"width": width, "height": height},
        color_scheme="dark" if view.theme == "dark" else "light",
        device_scale_factor=1,
    )
    await page.goto(f"{address}/{PAGES[view.page]}", wait_until="networkidle")
    if view.page in FOLLOWED:
        *pressed, there = FOLLOWED[view.page]
        for each in pressed:
            await page.locator(each).first.click()
        await page.locator(there).wait_for()
        await page.wait_for_load_state("networkidle")
    picture = await page.screenshot()
    await page.close()
    return picture


def smaller(picture: bytes) -> bytes:
    """The same with 256 colours: a fifth of the size, and nobody sees it."""
    with Image.open(io.BytesIO(picture)) as opened:
        reduced = opened.convert("RGB").quantize(256, Image.Quantize.MEDIANCUT, kmeans=3)
    kept = io.BytesIO()
    reduced.save(kept, "PNG", optimize=True)
    return kept.getvalue()


if __name__ == "__main__":
    main()
