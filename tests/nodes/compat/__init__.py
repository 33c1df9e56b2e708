"""Tests of what packs import."""
