"""The samplers, one family per file; `by_name` lists them."""
