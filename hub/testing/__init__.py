"""What tests need of the hub: ours, and those of authors of packs and triggers."""
