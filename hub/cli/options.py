"""Options that most commands take."""

from pathlib import Path
from typing import Annotated

import typer

Config = Annotated[
    Path, typer.Option("--config", "-c", envvar="HUB_CONFIG", help="The configuration folder.")
]
HERE = Path("config")
