"""`hub template`: what a template gives, perhaps with an event of the past."""

import json
from pathlib import Path

from hub.cli.connection import connect
from hub.cli.console import out


async def try_template(
    config: Path, template: str, *, event: str | None, automation: str | None
) -> int:
    asked = {"template": template, "event": event, "automation": automation}
    async with connect(config) as hub:
        value = (await hub.post("/api/hub/template", asked))["value"]
    written = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    out.print(written, markup=False, highlight=False, soft_wrap=True)
    return 0
