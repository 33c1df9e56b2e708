"""How soon the page is usable in a browser that never saw it, and how much JavaScript it takes."""

import gzip
from pathlib import Path
from statistics import median

from playwright.async_api import Browser, Response, async_playwright

from benchmarks.figure import Figure
from benchmarks.hub_under_test import running_hub

VISITS = 9
CHROMIUM = "/usr/bin/chromium"
USABLE = (
    "() => document.querySelector('#facts') && document.querySelector('#automations-title')"
    " && document.querySelector('#connection').dataset.state === 'live'"
)
"""What the hub tells is shown, and told live from now on."""


async def measure(work: Path) -> list[Figure]:
    async with running_hub(work) as hub, async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        visits = [await _visit(browser, f"http://127.0.0.1:{hub.port}") for _ in range(VISITS)]
        await browser.close()
    times = [time for time, _ in visits]
    return [
        Figure(
            what="the page is usable in a browser that never saw it",
            value=f"{median(times) / 1000:.2f} s (worst {max(times) / 1000:.2f})",
            hold="≤ 1 s",
        ),
        Figure(
            what="JavaScript of the first page, gzip",
            value=f"{visits[0][1] / 1000:.0f} kB",
            hold="≤ 150 kB",
        ),
    ]


async def _visit(browser: Browser, address: str) -> tuple[float, int]:
    """Milliseconds until it is usable, and bytes of JavaScript, with nothing kept from before."""
    context = await browser.new_context()
    page = await context.new_page()
    scripts: list[Response] = []
    page.on("response", lambda answer: scripts.append(answer) if _is_script(answer) else None)
    await page.goto(address)
    await page.wait_for_function(USABLE, polling="raf")
    time: float = await page.evaluate("performance.now()")
    size = sum([len(gzip.compress(await script.body())) for script in scripts])
    await context.close()
    return time, size


def _is_script(answer: Response) -> bool:
    return answer.request.resource_type == "script"
