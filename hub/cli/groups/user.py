"""The commands `hub user …`."""

from typing import Annotated

import typer

from hub.cli.console import run_command
from hub.cli.options import HERE, Config
from hub.records.access import Role

app = typer.Typer(help="Users: who may log in.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="The user's name.")]


@app.command()
def add(
    name: Name,
    role: Annotated[
        Role | None, typer.Option(help="Without it: the first is an admin, others are operators.")
    ] = None,
    config: Config = HERE,
) -> None:
    """Make a user; asks for the password, or reads it from standard input."""
    from hub.cli.user import add_user

    run_command(add_user(config, name, role))


@app.command("list")
def list_them(config: Config = HERE) -> None:
    """List users and their roles."""
    from hub.cli.user import list_users

    run_command(list_users(config))


@app.command()
def remove(name: Name, config: Config = HERE) -> None:
    """Remove a user, with logins and tokens."""
    from hub.cli.user import remove_user

    run_command(remove_user(config, name))


@app.command()
def password(name: Name, config: Config = HERE) -> None:
    """Give a user a new password, and log it out everywhere."""
    from hub.cli.user import set_password

    run_command(set_password(config, name))


@app.command()
def role(
    name: Name,
    new: Annotated[Role, typer.Argument(metavar="ROLE", help="viewer, operator or admin.")],
    config: Config = HERE,
) -> None:
    """Change what a user may do, at once."""
    from hub.cli.user import set_role

    run_command(set_role(config, name, new))
