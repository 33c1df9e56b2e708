"""Tests, in the same tree as `hub`."""
