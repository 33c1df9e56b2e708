"""What a browser that never saw the page has to load."""

import gzip
from urllib.parse import urlsplit

from playwright.async_api import Response, expect

from hub.app import Hub
from tests.web.browser import browsing, needs_chromium

MOST_SCRIPT = 150_000  # bytes, gzip

pytestmark = needs_chromium


async def test_the_first_page_is_small_and_comes_from_the_hub_alone(hub: Hub) -> None:
    answers: list[Response] = []
    async with browsing() as page:
        page.on("response", lambda answer: answers.extend([answer]))
        await page.goto(hub.address)
        await expect(page.locator("#connection")).to_have_text("Live")
        await expect(page.locator("#facts")).to_be_visible()
        assert {urlsplit(answer.url).netloc for answer in answers} == {urlsplit(hub.address).netloc}
        scripts = [each for each in answers if each.request.resource_type == "script"]
        sizes = {each.url: len(gzip.compress(await each.body())) for each in scripts}
    assert 10_000 < sum(sizes.values()) < MOST_SCRIPT, sizes
