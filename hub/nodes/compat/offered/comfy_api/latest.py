"""The newest version of the third node API.

Packs also import `comfy_api.latest._io` and `._ui`; these are the very modules `io` and `ui`.
"""

import sys

from hub.nodes.compat.not_yet import not_yet
from hub.nodes.compat.v3 import io as io
from hub.nodes.compat.v3 import ui as ui
from hub.nodes.compat.v3.api import ComfyAPI as ComfyAPI
from hub.nodes.compat.v3.api import ComfyAPISync as ComfyAPISync
from hub.nodes.compat.v3.extension import ComfyExtension as ComfyExtension
from hub.nodes.compat.v3.media import Input as Input
from hub.nodes.compat.v3.media import InputImpl as InputImpl
from hub.nodes.compat.v3.media import Types as Types

__getattr__ = not_yet("comfy_api.latest")
IO = _io = io
UI = _ui = ui
sys.modules |= {f"{__name__}._io": io, f"{__name__}._ui": ui}
