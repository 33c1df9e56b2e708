"""Backups: one file that holds a hub, and a hub made from it again."""
