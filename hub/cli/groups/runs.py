"""The commands `hub runs …`."""

from typing import Annotated

import typer

from hub.cli.console import run_command
from hub.cli.options import HERE, Config

app = typer.Typer(
    help="List runs, show one, or give one the next turn.", invoke_without_command=True
)
State = Annotated[str | None, typer.Option(help="Only runs in this state.")]
Workflow = Annotated[str | None, typer.Option(help="Only runs of this workflow.")]
RunId = Annotated[str, typer.Argument(metavar="RUN", help="Number or id.")]
Limit = Annotated[int, typer.Option(min=1, max=1000, help="How many.")]


@app.callback()
def runs(
    context: typer.Context,
    state: State = None,
    workflow: Workflow = None,
    limit: Limit = 20,
    config: Config = HERE,
) -> None:
    """List the latest runs."""
    if context.invoked_subcommand is None:
        list_them(state, workflow, limit, config)


@app.command("list")
def list_them(
    state: State = None, workflow: Workflow = None, limit: Limit = 20, config: Config = HERE
) -> None:
    """The same."""
    from hub.cli.runs import list_runs

    run_command(list_runs(config, state=state, workflow=workflow, limit=limit))


@app.command()
def first(run_id: RunId, config: Config = HERE) -> None:
    """Give a run that waits the next turn."""
    from hub.cli.runs import put_first

    run_command(put_first(config, run_id))


@app.command()
def show(run_id: RunId, config: Config = HERE) -> None:
    """Show one run: its nodes, outputs and error."""
    from hub.cli.runs import show_run

    run_command(show_run(config, run_id))
