"""Tests of saved workflows."""
