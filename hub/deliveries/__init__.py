"""Posting to addresses elsewhere (signed, tried again, logged), and getting files from there."""
