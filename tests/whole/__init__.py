"""Tests of the whole hub: real processes, files and sockets."""
