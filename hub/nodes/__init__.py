"""The node API and the built-in nodes, by theme."""
