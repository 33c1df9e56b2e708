"""docs/cli.md tells of every command and option."""

import re
from pathlib import Path

import typer

from hub.cli.main import app

DOCUMENT = (Path(__file__).parents[2] / "docs" / "cli.md").read_text()


def test_every_command_and_option_is_documented() -> None:
    hub = typer.main.get_command(app)
    runs = hub.commands["runs"]  # type: ignore[attr-defined]  # it is a group
    commands = {f"hub {name}": item for name, item in hub.commands.items()}  # type: ignore[attr-defined]
    commands |= {f"hub runs {name}": item for name, item in runs.commands.items()}
    options = {
        option for command in commands.values() for item in command.params for option in item.opts
    }
    named = {option for option in options if option.startswith("--")}
    assert [name for name in commands if f"`{name}" not in DOCUMENT] == []
    assert [option for option in named if not re.search(rf"`{option}\b", DOCUMENT)] == []
