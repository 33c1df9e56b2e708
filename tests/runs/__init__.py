"""Tests of hub.runs."""
