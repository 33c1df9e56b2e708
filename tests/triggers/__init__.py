"""Tests of the kinds of triggers."""
