"""The commands `hub token …`."""

from typing import Annotated

import typer

from hub.cli.console import run_command
from hub.cli.options import HERE, Config
from hub.records.access import Scope

app = typer.Typer(help="Tokens: how programs come in.", no_args_is_help=True)


@app.command()
def create(
    name: Annotated[str, typer.Argument(help="What it is for.")],
    scope: Annotated[
        Scope, typer.Option(help="How far it reaches; each includes those before it.")
    ] = Scope.RUN,
    user: Annotated[
        str | None, typer.Option(help="Whose it is; may be left out if there is one user.")
    ] = None,
    days: Annotated[float | None, typer.Option(help="After so many days it ends.")] = None,
    config: Config = HERE,
) -> None:
    """Make a token and print it; nobody is told it again."""
    from hub.cli.token import create_token

    run_command(create_token(config, name, scope, user, days))


@app.command("list")
def list_them(config: Config = HERE) -> None:
    """List tokens, without their secrets."""
    from hub.cli.token import list_tokens

    run_command(list_tokens(config))


@app.command()
def revoke(
    token: Annotated[str, typer.Argument(help="Its id, as listed.")], config: Config = HERE
) -> None:
    """Let nobody in by it any more."""
    from hub.cli.token import revoke_token

    run_command(revoke_token(config, token))
