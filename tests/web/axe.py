"""What axe-core finds on a page."""

from pathlib import Path

import pytest
from playwright.async_api import Page

AXE = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
CONTRAST = ["color-contrast"]  # all that depends on light or dark
needs_axe = pytest.mark.skipif(
    not AXE.exists(), reason="needs axe-core, which script/setup installs"
)


async def faults_of(page: Page, *, rules: list[str] | None = None) -> list[str]:
    """What is serious or worse, each with the elements concerned."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE.read_text())
    only = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": RULES}
    options = {"runOnly": only, "resultTypes": ["violations"]}
    told = await page.evaluate("options => axe.run(document, options)", options)
    return [
        f"{fault['id']}: {[node['html'][:120] for node in fault['nodes']]}"
        for fault in told["violations"]
        if fault["impact"] in ("serious", "critical")
    ]
