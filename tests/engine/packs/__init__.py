"""Node packs as others write them, for workers to load."""
