"""An older path: what nodes are given."""

from hub.nodes.compat.not_yet import not_yet
from hub.nodes.compat.v3.media import AudioInput as AudioInput
from hub.nodes.compat.v3.media import ImageInput as ImageInput
from hub.nodes.compat.v3.media import LatentInput as LatentInput
from hub.nodes.compat.v3.media import MaskInput as MaskInput
from hub.nodes.compat.v3.media import VideoInput as VideoInput

__getattr__ = not_yet("comfy_api.input")
