"""Trains the small model that comes along with the hub; see docs/demo-model.md."""
