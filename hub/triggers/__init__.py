"""Triggers: what watches. One file per kind."""
