"""Automations: which events run which actions, and what became of each."""
