"""The commands `hub automations …`."""

from typing import Annotated

import typer

from hub.cli.console import run_command
from hub.cli.options import HERE, Config

app = typer.Typer(help="List automations, switch them, or fire one.", invoke_without_command=True)
AutomationId = Annotated[str, typer.Argument(metavar="AUTOMATION", help="Its id.")]


@app.callback()
def automations(context: typer.Context, config: Config = HERE) -> None:
    """List automations, and how they are."""
    from hub.cli.automations import list_automations

    if context.invoked_subcommand is None:
        run_command(list_automations(config))


@app.command("list")
def list_them(config: Config = HERE) -> None:
    """The same."""
    from hub.cli.automations import list_automations

    run_command(list_automations(config))


@app.command()
def enable(automation: AutomationId, config: Config = HERE) -> None:
    """Turn an automation on."""
    from hub.cli.automations import switch

    run_command(switch(config, automation, on=True))


@app.command()
def disable(automation: AutomationId, config: Config = HERE) -> None:
    """Turn an automation off; what it has begun goes on."""
    from hub.cli.automations import switch

    run_command(switch(config, automation, on=False))


@app.command("trigger")
def trigger_by_hand(
    automation: AutomationId,
    variables: Annotated[
        list[str] | None,
        typer.Option("--variable", "-v", metavar="NAME=VALUE", help="Of `trigger`; repeatable."),
    ] = None,
    parameters: Annotated[
        list[str] | None,
        typer.Option("--parameter", "-p", metavar="NAME=VALUE", help="A value of its form."),
    ] = None,
    event: Annotated[
        str | None, typer.Option(help="Fire with this event of the past again.")
    ] = None,
    only: Annotated[
        str | None,
        typer.Option(metavar="STEP", help="Carry out one step alone, such as actions/1/then/0."),
    ] = None,
    config: Config = HERE,
) -> None:
    """Fire an automation by hand: with its form, an event of the past, or bare variables."""
    from hub.cli.manual import fire

    run_command(fire(config, automation, parameters or [], event, variables or [], only))


@app.command("judge")
def judge_conditions(
    automation: AutomationId,
    event: Annotated[
        str | None, typer.Option(help="This event of the past; else the last.")
    ] = None,
    config: Config = HERE,
) -> None:
    """Tell what each condition says of an event of the past; nothing is carried out."""
    from hub.cli.manual import judge

    run_command(judge(config, automation, event))


@app.command()
def trace(
    firing: Annotated[str, typer.Argument(help="A firing's id, or an automation's for its last.")],
    config: Config = HERE,
    as_json: Annotated[
        bool, typer.Option("--json", help="All that is known, for programs.")
    ] = False,
) -> None:
    """Tell what a firing did, step by step."""
    from hub.cli.trace import trace

    run_command(trace(config, firing, as_json=as_json))
