"""Media as nodes of the third node API have them, under the names of its groups."""

from dataclasses import dataclass
from typing import Any

from torch import Tensor

from hub.nodes import video
from hub.nodes.compat.v3.video_input import VideoInput as VideoInput
from hub.nodes.sound import Audio
from hub.nodes.video_components import VideoFromComponents as Components
from hub.nodes.video_file import VideoFromFile as File

AudioInput = Audio
ImageInput = Tensor
MaskInput = Tensor
LatentInput = dict[str, Any]


@dataclass
class MESH:
    """Meshes: vertices [batch, count, 3] and faces [batch, count, 3], indices of vertices."""

    vertices: Tensor
    faces: Tensor


@dataclass
class VOXEL:
    """Cells of space, [batch, depth, height, width]."""

    data: Tensor


class Input:
    """What nodes are given."""

    Image = ImageInput
    Audio = AudioInput
    Mask = MaskInput
    Latent = LatentInput
    Video = VideoInput


class InputImpl:
    """What they may make of it."""

    VideoFromFile = File
    VideoFromComponents = Components


class Types:
    """What these are made of."""

    VideoCodec = video.VideoCodec
    VideoContainer = video.VideoContainer
    VideoComponents = video.VideoComponents
    MESH = MESH
    VOXEL = VOXEL
