"""Which version of ComfyUI's interfaces this is."""

__version__ = "0.8.0"
