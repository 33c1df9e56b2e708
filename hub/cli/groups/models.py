"""The commands `hub models …`."""

from pathlib import Path
from typing import Annotated

import typer

from hub.cli.console import run_command
from hub.cli.options import HERE, Config

app = typer.Typer(help="List model files, or convert one.", no_args_is_help=True)


@app.command("list")
def list_them(config: Config = HERE) -> None:
    """List model files by kind, and what saved workflows lack."""
    from hub.cli.models import list_models

    run_command(list_models(config))


@app.command()
def convert(
    file: Annotated[Path, typer.Argument(help="A .ckpt, .pt, .pth or .bin file.")],
) -> None:
    """Make a .safetensors of a model file, beside it. What holds code is refused."""
    from hub.cli.models import convert_model

    run_command(convert_model(file))
