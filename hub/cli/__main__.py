"""`python -m hub.cli`: the command `hub`."""

from hub.cli.main import app

app()
