"""The command `hub`."""

import gc
from pathlib import Path
from typing import Annotated

import typer

from hub.cli.console import run_command
from hub.cli.log import LogLevel, log_to_terminal

app = typer.Typer(
    help="Turns events into pictures: folders, schedules and webhooks drive image workflows.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
runs_app = typer.Typer(help="List runs, or show one.", invoke_without_command=True)
app.add_typer(runs_app, name="runs")

Config = Annotated[
    Path, typer.Option("--config", "-c", envvar="HUB_CONFIG", help="The configuration folder.")
]
HERE = Path("config")


@app.callback()
def start() -> None:
    # A command's imports make many objects and drop none. Looking for dropped ones meanwhile would
    # take a tenth of the start; `run_command` has it done again.
    gc.disable()


@app.command()
def serve(
    config: Config = HERE,
    port: Annotated[int | None, typer.Option(help="Instead of the configured port.")] = None,
    log_level: Annotated[LogLevel, typer.Option(help="How much is told.")] = LogLevel.INFO,
) -> None:
    """Run the hub until Ctrl-C."""
    from hub.cli.serve import serve_hub

    log_to_terminal(log_level)
    run_command(serve_hub(config, port))


@app.command()
def check(
    config: Config = HERE,
    workflows: Annotated[
        list[Path] | None,
        typer.Option("--workflow", "-w", help="Only this file, or all in a folder; repeatable."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Tell every mistake in the configuration, or what keeps workflows from being run."""
    if workflows:
        from hub.cli.check_workflows import check_workflows

        run_command(check_workflows(config, workflows, as_json=as_json))
    else:
        from hub.cli.check import check_configuration

        run_command(check_configuration(config, as_json=as_json))


@app.command()
def run(
    workflow: Annotated[str, typer.Argument(help="Name of a saved workflow.")],
    parameters: Annotated[
        list[str] | None,
        typer.Option("--parameter", "-p", metavar="NAME=VALUE", help="A value; repeatable."),
    ] = None,
    config: Config = HERE,
) -> None:
    """Carry out a workflow once, show its progress, and print where its outputs are."""
    from hub.cli.run import run_workflow

    run_command(run_workflow(config, workflow, parameters or []))


@runs_app.callback()
def runs(
    context: typer.Context,
    state: Annotated[str | None, typer.Option(help="Only runs in this state.")] = None,
    workflow: Annotated[str | None, typer.Option(help="Only runs of this workflow.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many.")] = 20,
    config: Config = HERE,
) -> None:
    """List the latest runs."""
    from hub.cli.runs import list_runs

    if context.invoked_subcommand is None:
        run_command(list_runs(config, state=state, workflow=workflow, limit=limit))


@runs_app.command()
def show(
    run_id: Annotated[str, typer.Argument(metavar="RUN", help="Number or id.")],
    config: Config = HERE,
) -> None:
    """Show one run: its nodes, outputs and error."""
    from hub.cli.runs import show_run

    run_command(show_run(config, run_id))


@app.command()
def packs(config: Config = HERE) -> None:
    """List the node packs, and what is wrong with those that could not be loaded."""
    from hub.cli.packs import list_packs

    run_command(list_packs(config))


@app.command()
def why(
    path: Annotated[Path, typer.Argument(help="A file that did, or did not, lead to a run.")],
    config: Config = HERE,
) -> None:
    """Tell what became of a file, and why."""
    from hub.cli.why import explain

    run_command(explain(config, path))
