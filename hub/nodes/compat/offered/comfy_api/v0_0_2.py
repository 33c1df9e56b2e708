"""Version 0.0.2 of the third node API: the surface of the newest one."""

from hub.nodes.compat.not_yet import not_yet
from hub.nodes.compat.v3 import api
from hub.nodes.compat.v3 import io as io
from hub.nodes.compat.v3 import ui as ui
from hub.nodes.compat.v3.extension import ComfyExtension as ComfyExtension
from hub.nodes.compat.v3.media import Input as Input
from hub.nodes.compat.v3.media import InputImpl as InputImpl
from hub.nodes.compat.v3.media import Types as Types

__getattr__ = not_yet("comfy_api.v0_0_2")


class ComfyAPI(api.ComfyAPI):
    VERSION = "0.0.2"


class ComfyAPISync(api.ComfyAPISync):
    VERSION = "0.0.2"
