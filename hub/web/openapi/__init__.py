"""The API described by itself, as OpenAPI 3.1: made of routes, docstrings and types."""
