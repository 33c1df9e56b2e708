"""The commands `hub webhook …`."""

from pathlib import Path
from typing import Annotated

import typer

from hub.cli.console import run_command
from hub.cli.options import HERE, Config

app = typer.Typer(help="Try webhooks out.", no_args_is_help=True)


@app.command()
def send(
    webhook: Annotated[str, typer.Argument(help="Its webhook_id, or the automation's id.")],
    file: Annotated[Path, typer.Argument(help="What to send, byte by byte.")],
    sent_as: Annotated[
        str | None,
        typer.Option("--as", help="Sign as github, stripe, slack or standard_webhooks does."),
    ] = None,
    content_type: Annotated[
        str | None, typer.Option(help="Instead of the one that the file's name suggests.")
    ] = None,
    config: Config = HERE,
) -> None:
    """Send a request to the running hub, with the credentials of the configuration."""
    from hub.cli.webhook import send as send_file

    sending = send_file(config, webhook, file, sent_as=sent_as, content_type=content_type)
    run_command(sending)


@app.command("new-id")
def new_id() -> None:
    """Print a webhook_id that nobody can guess."""
    from hub.cli.webhook import new_id as print_id

    print_id()
