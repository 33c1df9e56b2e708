"""An older path: what videos are made of."""

from hub.nodes.compat.not_yet import not_yet
from hub.nodes.video import VideoCodec as VideoCodec
from hub.nodes.video import VideoComponents as VideoComponents
from hub.nodes.video import VideoContainer as VideoContainer

__getattr__ = not_yet("comfy_api.util")
