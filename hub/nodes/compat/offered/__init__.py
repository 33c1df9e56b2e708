"""The modules that packs import, in ComfyUI's tree; this folder is on the worker's search path."""
