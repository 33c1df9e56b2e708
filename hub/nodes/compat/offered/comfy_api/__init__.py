"""ComfyUI's package `comfy_api`: one module for each version, and older paths."""
