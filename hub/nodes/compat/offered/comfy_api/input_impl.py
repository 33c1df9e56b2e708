"""An older path: videos from files and from frames."""

from hub.nodes.compat.not_yet import not_yet
from hub.nodes.video_components import VideoFromComponents as VideoFromComponents
from hub.nodes.video_file import VideoFromFile as VideoFromFile

__getattr__ = not_yet("comfy_api.input_impl")
