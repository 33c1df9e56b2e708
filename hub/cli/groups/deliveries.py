"""The commands `hub deliveries …`."""

from typing import Annotated

import typer

from hub.cli.console import run_command
from hub.cli.options import HERE, Config

app = typer.Typer(
    help="List what `webhook.post` sends, or send it anew.", invoke_without_command=True
)
State = Annotated[str | None, typer.Option(help="Only those in this state.")]
Limit = Annotated[int, typer.Option(min=1, max=1000, help="How many.")]


@app.callback()
def deliveries(
    context: typer.Context,
    state: State = None,
    limit: Limit = 20,
    config: Config = HERE,
) -> None:
    """List the latest deliveries."""
    if context.invoked_subcommand is None:
        list_them(state, limit, config)


@app.command("list")
def list_them(state: State = None, limit: Limit = 20, config: Config = HERE) -> None:
    """The same."""
    from hub.cli.deliveries import list_deliveries

    run_command(list_deliveries(config, state=state, limit=limit))


@app.command()
def requeue(
    delivery: Annotated[str, typer.Argument(help="The id of a dead one.")],
    config: Config = HERE,
) -> None:
    """Send a delivery anew that was given up."""
    from hub.cli.deliveries import requeue_delivery

    run_command(requeue_delivery(config, delivery))
