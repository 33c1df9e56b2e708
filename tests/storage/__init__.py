"""Tests of hub.storage."""
