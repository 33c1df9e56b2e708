"""Nodes that write files, tell how far they are, and use the nodes of others."""

from fractions import Fraction
from typing import Any

import nodes  # type: ignore[import-not-found] # the worker offers it
import torch
from comfy_api.latest import (  # type: ignore[import-not-found]
    ComfyAPI,
    ComfyAPISync,
    InputImpl,
    Types,
    _io,
    io,
    ui,
)
from comfy_api.v0_0_1 import ComfyAPI as FirstAPI  # type: ignore[import-not-found]
from comfy_api.v0_0_2 import io as second_io  # type: ignore[import-not-found]


class ThirdSave(io.ComfyNode):  # type: ignore[misc]
    """Writes images, sounds and animations in the way that it is told."""

    @classmethod
    def define_schema(cls) -> Any:
        return io.Schema(
            node_id="ThirdSave",
            inputs=[io.String.Input("way"), io.String.Input("prefix", default="third/x")],
            is_output_node=True,
        )

    @classmethod
    def execute(cls, way: str, prefix: str) -> Any:
        images = torch.rand(2, 8, 8, 3)
        audio = {"waveform": torch.zeros(1, 2, 4800), "sample_rate": 48000}
        save, sound = ui.ImageSaveHelper, ui.AudioSaveHelper
        made = {
            "images": lambda: save.get_save_images_ui(images, prefix, cls),
            "png": lambda: save.get_save_animated_png_ui(images, prefix, cls, 6.0, 4),
            "webp": lambda: save.get_save_animated_webp_ui(images, prefix, cls, 6.0, True, 80, 4),
            "audio": lambda: sound.get_save_audio_ui(audio, prefix, cls=cls, format="opus"),
            "preview": lambda: ui.PreviewImage(images, cls=cls),
            "mask": lambda: ui.PreviewMask(images[..., 0], cls=cls),
            "sound": lambda: ui.PreviewAudio(audio, cls=cls),
            "text": lambda: ui.PreviewText("hello"),
            "video": lambda: ui.PreviewVideo([ui.SavedResult("x.mp4", "", io.FolderType.temp)]),
            "model": lambda: ui.PreviewUI3D("m.glb", None, bg_image=images),
        }
        return io.NodeOutput(ui=made[way]())


class ThirdVideo(io.ComfyNode):  # type: ignore[misc]
    """Makes a video and takes it apart again."""

    @classmethod
    def define_schema(cls) -> Any:
        return io.Schema(node_id="ThirdVideo", outputs=[io.Video.Output()], is_output_node=True)

    @classmethod
    def execute(cls) -> Any:
        parts = Types.VideoComponents(images=torch.rand(3, 16, 16, 3), frame_rate=Fraction(6))
        video = InputImpl.VideoFromComponents(parts)
        copied = InputImpl.VideoFromFile(video.get_stream_source())
        facts = [copied.get_frame_count(), *copied.get_dimensions()]
        return io.NodeOutput(copied, ui={"text": facts})


class ThirdProgress(io.ComfyNode):  # type: ignore[misc]
    """Tells how far it is, with a preview, to the node's client."""

    @classmethod
    def define_schema(cls) -> Any:
        return io.Schema(
            node_id="ThirdProgress", inputs=[io.Boolean.Input("wait")], is_output_node=True
        )

    @classmethod
    async def execute(cls, wait: bool) -> None:
        picture = torch.ones(1, 600, 1200, 3)
        if wait:
            await ComfyAPI().execution.set_progress(1, 4, preview_image=picture)
        else:
            ComfyAPISync().execution.set_progress(1, 4, preview_image=picture)


class ThirdUser(io.ComfyNode):  # type: ignore[misc]
    """Uses nodes of the hub and of its own pack, as classes of the first node API."""

    @classmethod
    def define_schema(cls) -> Any:
        return io.Schema(node_id="ThirdUser", is_output_node=True)

    @classmethod
    def execute(cls) -> Any:
        switch = nodes.NODE_CLASS_MAPPINGS["ThirdSwitch"]
        called = getattr(switch, switch.FUNCTION)(first=1, second=2, use_second=True)
        inputs = switch.INPUT_TYPES()["required"]
        facts = [
            called.args[0],
            list(switch.RETURN_TYPES),
            inputs["first"],
            switch.RELATIVE_PYTHON_MODULE,
            _io is io is second_io,
            (FirstAPI.VERSION, ComfyAPI.VERSION),
        ]
        return io.NodeOutput(ui={"facts": facts})


NODES = [ThirdSave, ThirdVideo, ThirdProgress, ThirdUser]
