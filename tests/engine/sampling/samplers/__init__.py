"""Tests of the samplers, mostly against closed forms."""
