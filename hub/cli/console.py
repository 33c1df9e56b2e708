"""The terminal: results on standard output, progress and errors on standard error."""

import asyncio
import sys
from collections.abc import Coroutine
from typing import Any

import typer
from rich.console import Console

from hub.errors import HubError

out = Console()
err = Console(stderr=True)


def run_command(work: Coroutine[Any, Any, int]) -> None:
    """Run a command to its exit code. What goes wrong is told in a sentence, never a traceback."""
    try:
        code = asyncio.run(work)
    except HubError as error:
        err.print(f"[bold red]Error:[/] {_escaped(str(error))}", highlight=False, soft_wrap=True)
        code = 1
    except KeyboardInterrupt:
        code = 130
    except BrokenPipeError:
        sys.stderr.close()
        code = 0
    raise typer.Exit(code)


def _escaped(text: str) -> str:
    from rich.markup import escape

    return escape(text)
