"""Samplers as plain functions, and what they are written with."""
