"""Saved workflows: graphs with declared parameters."""
