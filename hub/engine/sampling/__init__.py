"""Sampling: schedules, samplers as generators, and what a model's output means. Torch only."""
