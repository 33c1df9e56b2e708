"""Migrations, one file per step."""
