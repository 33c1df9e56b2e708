"""Reading the configuration folder: YAML with positions, settings, problems."""
