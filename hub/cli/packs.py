"""`hub packs`: which node packs there are, and what is wrong with them."""

from pathlib import Path

from rich.markup import escape

from hub.cli.connection import connect
from hub.cli.console import out


async def list_packs(config: Path, *, with_traceback: bool) -> int:
    """One line for each, and what is wrong with it; 1 if any has an error."""
    async with connect(config) as hub:
        packs = (await hub.get("/api/hub/packs"))["packs"]
    for pack in packs:
        count = f"{len(pack['nodes'])} nodes, {pack['seconds']:.1f} s"
        workers = ", ".join(pack["workers"])
        line = f"{escape(pack['name'])}: {count}, in {escape(workers)}"
        out.print(line, highlight=False, soft_wrap=True)
        for error in _errors(pack["workers"]):
            out.print(f"  [red]{escape(error)}[/]", highlight=False, soft_wrap=True)
        if with_traceback and pack["traceback"]:
            out.print(escape(pack["traceback"].rstrip()), highlight=False, soft_wrap=True)
        for problem in pack["problems"]:
            out.print(f"  [yellow]{escape(problem)}[/]", highlight=False, soft_wrap=True)
    if not packs:
        out.print("No worker has reported a node pack.")
    return 1 if any(any(pack["workers"].values()) for pack in packs) else 0


def _errors(workers: dict[str, str | None]) -> list[str]:
    """What is wrong; with the worker, where it is not so in all of them."""
    errors = set(workers.values())
    if len(errors) == 1:
        return [error for error in errors if error]
    return [f"in {worker}: {error}" for worker, error in workers.items() if error]
