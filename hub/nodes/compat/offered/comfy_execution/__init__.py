"""ComfyUI's package `comfy_execution`, as far as the hub offers it."""
