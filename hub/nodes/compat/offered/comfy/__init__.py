"""ComfyUI's package `comfy`, as far as the hub offers it."""
