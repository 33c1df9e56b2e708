"""`hub packs`: which node packs there are, and what is wrong with them."""

from pathlib import Path

from rich.markup import escape

from hub.cli.connection import connect
from hub.cli.console import out


async def list_packs(config: Path) -> int:
    """One line for each; 1 if any has an error."""
    async with connect(config) as hub:
        packs = (await hub.get("/api/hub/packs"))["packs"]
    for pack in packs:
        count = f"{len(pack['nodes'])} nodes, {pack['seconds']:.1f} s"
        out.print(f"{escape(pack['name'])}: {count}", highlight=False, soft_wrap=True)
        if pack["error"]:
            out.print(f"  [red]{escape(pack['error'])}[/]", highlight=False, soft_wrap=True)
    if not packs:
        out.print("No worker has reported a node pack.")
    return 1 if any(pack["error"] for pack in packs) else 0
