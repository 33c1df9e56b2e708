"""Tests of the built-in nodes."""
