"""docs/cli.md tells of every command and option."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from hub.cli.main import app

DOCUMENT = (Path(__file__).parents[2] / "docs" / "cli.md").read_text()


def test_every_command_and_option_is_documented() -> None:
    commands = dict(_commands("hub", typer.main.get_command(app)))
    options = {
        option for command in commands.values() for item in command.params for option in item.opts
    }
    named = {option for option in options if option.startswith("--")}
    assert [name for name in commands if f"`{name}" not in DOCUMENT] == []
    assert [option for option in named if not re.search(rf"`{option}\b", DOCUMENT)] == []


def _commands(name: str, command: Any) -> Iterator[tuple[str, Any]]:
    """A command and those in it, by the words that call them."""
    for word, inner in getattr(command, "commands", {}).items():
        yield f"{name} {word}", inner
        yield from _commands(f"{name} {word}", inner)
