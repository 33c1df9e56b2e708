"""Tests of what happens inside a worker."""
