"""ComfyUI's third node API under its own names, over ours."""
