"""A whole hub to be a client of."""

from tests.web.conftest import config, hub

__all__ = ["config", "hub"]
