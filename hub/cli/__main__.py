"""`python -m hub.cli`: the command `hub`."""

from hub.cli.main import app

if __name__ == "__main__":
    app()
