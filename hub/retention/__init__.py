"""How long history and files are kept, and taking away what may go."""
