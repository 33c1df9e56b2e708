"""The commands `hub schedule …`."""

from typing import Annotated

import typer

from hub.cli.console import run_command
from hub.cli.options import HERE, Config

app = typer.Typer(help="Tell when automations will fire.", no_args_is_help=True)


@app.command("next")
def next_times(
    automation: Annotated[
        str | None, typer.Argument(help="Id of an automation; all without.")
    ] = None,
    config: Config = HERE,
) -> None:
    """Tell the next ten times of each trigger that knows them beforehand."""
    from hub.cli.schedule import tell_next_times

    run_command(tell_next_times(config, automation))
