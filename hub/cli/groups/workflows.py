"""The commands `hub workflows …`."""

from pathlib import Path
from typing import Annotated

import typer

from hub.cli.console import run_command
from hub.cli.options import HERE, Config

app = typer.Typer(
    help="List saved workflows, show one, or take one in.", invoke_without_command=True
)


@app.callback()
def workflows(context: typer.Context, config: Config = HERE) -> None:
    """List the saved workflows."""
    from hub.cli.workflows import list_workflows

    if context.invoked_subcommand is None:
        run_command(list_workflows(config))


@app.command("list")
def list_saved(config: Config = HERE) -> None:
    """The same."""
    from hub.cli.workflows import list_workflows

    run_command(list_workflows(config))


@app.command("show")
def show_saved(
    name: Annotated[str, typer.Argument(metavar="WORKFLOW", help="Its name.")],
    config: Config = HERE,
) -> None:
    """Show one: its parameters and nodes."""
    from hub.cli.workflows import show_workflow

    run_command(show_workflow(config, name))


@app.command("import")
def take_in(
    file: Annotated[
        Path, typer.Argument(help="JSON in either format, or a picture or video that carries one.")
    ],
    name: Annotated[str | None, typer.Option(help="Instead of the file's name.")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="An older one of that name.")] = False,
    config: Config = HERE,
) -> None:
    """Save a workflow from a file."""
    from hub.cli.workflows import import_workflow

    run_command(import_workflow(config, file, name, replace=replace))
