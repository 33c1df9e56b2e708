"""Tests of reading the configuration folder."""
