"""A pack that wants what the hub does not have yet."""

from comfy.utils import tiled_scale_of_tomorrow  # type: ignore[import-not-found] # noqa: F401
