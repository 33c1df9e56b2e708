"""Tests of hub.automations."""
