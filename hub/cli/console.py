"""The terminal: results on standard output, progress and errors on standard error."""

import gc
import io
import sys
from collections.abc import Coroutine
from typing import Any

import typer
import uvloop
from rich.console import Console

from hub.errors import HubError

CANCELLED = 130  # what shells expect of a program that Ctrl-C ended

# Without emojis: `file.yaml:100:7` holds the name of one.
out = Console(emoji=False)
err = Console(stderr=True, emoji=False)


def run_command(work: Coroutine[Any, Any, int]) -> None:
    """Run a command to its exit code. What goes wrong is told in a sentence, never a traceback."""
    _print_any_file_name()
    gc.freeze()  # what was imported stays: going through it again and again would hold the loop
    gc.enable()
    try:
        code = uvloop.run(work)
    except HubError as error:
        code = _fail(str(error))
    except KeyboardInterrupt:
        code = CANCELLED
    except BrokenPipeError:  # whoever read the results has seen enough
        sys.stderr.close()
        code = 0
    except OSError as error:
        code = _fail(f"{error.filename or 'The system'}: {error.strerror or error}.")
    raise typer.Exit(code)


def _print_any_file_name() -> None:
    """Names that are no UTF-8 are printed as the bytes they are."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="surrogateescape")


def _fail(sentence: str) -> int:
    text = f"Error: {sentence}"
    err.print(text, style="red", markup=False, highlight=False, soft_wrap=True)
    return 1
