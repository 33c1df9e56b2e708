"""Measurements of a running hub, each part a file of its own; `script/benchmark` runs them."""
