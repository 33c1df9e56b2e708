"""Plain records that every part speaks."""
