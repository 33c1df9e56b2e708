"""`hub prune`: let go of old history and files now, or tell what would go."""

from pathlib import Path

from hub.cli.connection import connect
from hub.cli.console import out
from hub.cli.sizes import size_text

WORDS = {
    "outputs": "outputs and previews",
    "runs": "runs",
    "firings": "firings",
    "progress": "points of progress",
    "inputs": "input files",
    "leftovers": "files left behind",
}


async def prune_history(config: Path, *, dry_run: bool) -> int:
    """As `retention` in hub.yaml and in the automations says."""
    async with connect(config) as hub:
        pruned = (await hub.post("/api/hub/prune", {"dry_run": dry_run}))["pruned"]
    parts = [f"{pruned[name]:,} {words}" for name, words in WORDS.items() if pruned[name]]
    if not parts:
        out.print("Nothing is beyond the limits.")
        return 0
    verb = "Would remove" if dry_run else "Removed"
    size = f" ({size_text(pruned['bytes'])} of files)" if pruned["bytes"] else ""
    out.print(f"{verb} {', '.join(parts)}{size}.", highlight=False, soft_wrap=True)
    return 0
