"""ComfyUI's package `app`, as far as the hub offers it."""
