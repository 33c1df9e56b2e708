"""The names that packs know as `comfy_api.latest.io`."""

from hub.nodes.compat.not_yet import not_yet
from hub.nodes.compat.v3.dynamic_types import Autogrow as Autogrow
from hub.nodes.compat.v3.dynamic_types import DynamicCombo as DynamicCombo
from hub.nodes.compat.v3.dynamic_types import DynamicSlot as DynamicSlot
from hub.nodes.compat.v3.dynamic_types import MatchType as MatchType
from hub.nodes.compat.v3.dynamic_types import MultiType as MultiType
from hub.nodes.compat.v3.extension import ComfyExtension as ComfyExtension
from hub.nodes.compat.v3.inputs import ComfyTypeI as ComfyTypeI
from hub.nodes.compat.v3.inputs import ComfyTypeIO as ComfyTypeIO
from hub.nodes.compat.v3.inputs import Custom as Custom
from hub.nodes.compat.v3.inputs import Input as Input
from hub.nodes.compat.v3.inputs import Output as Output
from hub.nodes.compat.v3.inputs import WidgetInput as WidgetInput
from hub.nodes.compat.v3.inputs import comfytype as comfytype
from hub.nodes.compat.v3.link_types import *  # noqa: F403 - one name per type
from hub.nodes.compat.v3.node import ComfyNode as ComfyNode
from hub.nodes.compat.v3.node import HiddenHolder as HiddenHolder
from hub.nodes.compat.v3.output import NodeOutput as NodeOutput
from hub.nodes.compat.v3.schema import Hidden as Hidden
from hub.nodes.compat.v3.schema import Schema as Schema
from hub.nodes.compat.v3.shown import UIOutput as _UIOutput  # noqa: F401 - packs derive from it
from hub.nodes.compat.v3.widget_types import Boolean as Boolean
from hub.nodes.compat.v3.widget_types import Combo as Combo
from hub.nodes.compat.v3.widget_types import ControlAfterGenerate as ControlAfterGenerate
from hub.nodes.compat.v3.widget_types import Float as Float
from hub.nodes.compat.v3.widget_types import FolderType as FolderType
from hub.nodes.compat.v3.widget_types import Int as Int
from hub.nodes.compat.v3.widget_types import MultiCombo as MultiCombo
from hub.nodes.compat.v3.widget_types import NumberDisplay as NumberDisplay
from hub.nodes.compat.v3.widget_types import RemoteOptions as RemoteOptions
from hub.nodes.compat.v3.widget_types import String as String
from hub.nodes.compat.v3.widget_types import UploadType as UploadType

__getattr__ = not_yet("comfy_api.latest.io")
