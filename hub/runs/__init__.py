"""Runs: from the queue through the engine to published outputs, each step on disk."""
