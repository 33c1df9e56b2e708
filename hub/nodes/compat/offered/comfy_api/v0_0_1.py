"""Version 0.0.1 of the third node API: what nodes may ask, and media, but no classes of nodes."""

from hub.nodes.compat.not_yet import not_yet
from hub.nodes.compat.v3 import api
from hub.nodes.compat.v3.media import Input as Input
from hub.nodes.compat.v3.media import InputImpl as InputImpl
from hub.nodes.compat.v3.media import Types as Types

__getattr__ = not_yet("comfy_api.v0_0_1")


class ComfyAPI(api.ComfyAPI):
    VERSION = "0.0.1"


class ComfyAPISync(api.ComfyAPISync):
    VERSION = "0.0.1"
