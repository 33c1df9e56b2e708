"""`hub serve`."""

from pathlib import Path

from hub.app import serve
from hub.cli.console import err


async def serve_hub(config: Path, port: int | None) -> int:
    """Run until asked to stop. Broken automations are told and left out; the rest runs."""

    def started(address: str, problems: list[str]) -> None:
        for problem in problems:
            err.print(problem, style="yellow", markup=False, highlight=False, soft_wrap=True)
        err.print(f"The hub is at [bold]{address}[/] (Ctrl-C stops it).", highlight=False)

    await serve(config, port=port, started=started)
    return 0
