"""The process that opens files from outside, and its client."""
