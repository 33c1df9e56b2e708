"""Tests of what `hub.testing` offers to others."""
