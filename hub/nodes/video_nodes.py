"""Nodes for videos: from files and images, to files and images, and parts of them."""

from fractions import Fraction
from typing import Any

from torch import Tensor

from hub.nodes.api import (
    AUDIO,
    BOOLEAN,
    FLOAT,
    IMAGE,
    INT,
    STRING,
    VIDEO,
    Hidden,
    Node,
    NodeOutput,
    Schema,
    choice,
    context,
    file_choice,
)
from hub.nodes.fingerprints import file_fingerprint
from hub.nodes.media_tags import workflow_tags
from hub.nodes.naming import filled_prefix
from hub.nodes.scaling import LARGEST_SIDE
from hub.nodes.sound import Audio
from hub.nodes.video import VideoCodec, VideoComponents, VideoContainer, VideoInput
from hub.nodes.video_components import VideoFromComponents
from hub.nodes.video_encoding import Progress
from hub.nodes.video_file import VideoFromFile
from hub.nodes.video_scaled import ScaledVideo
from hub.records.output import OutputFolder

_MODULE = "comfy_extras.nodes_video"
_FINEST_RATE = 1001  # denominators of frame rates: 29.97 is 2997/100, 23.976 is 2997/125


class LoadVideo(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="LoadVideo",
            display_name="Load Video",
            category="image/video",
            description="Takes a video file; its frames are read where they are needed.",
            inputs=(file_choice("file", "input", video_upload=True),),
            outputs=(VIDEO.output(),),
            light=True,
            fingerprints_inputs=True,
            module=_MODULE,
        )

    @classmethod
    def execute(cls, file: str) -> NodeOutput:
        return NodeOutput(VideoFromFile(context().input_file(file)))

    @classmethod
    def fingerprint_inputs(cls, file: str) -> str:
        return file_fingerprint(file)


class SaveVideo(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="SaveVideo",
            display_name="Save Video",
            category="image/video",
            description=(
                "Writes an MP4. The tracks of a file that fit are copied as they are, all else is "
                "encoded as H.264 and AAC. The prefix may hold the same tokens as Save Image's."
            ),
            inputs=(
                VIDEO.input("video", tooltip="The video to write."),
                STRING.value("filename_prefix", default="video/ComfyUI"),
                choice("format", tuple(VideoContainer)),
                choice("codec", tuple(VideoCodec)),
            ),
            hidden=(Hidden.PROMPT, Hidden.EXTRA_PNGINFO),
            is_output_node=True,
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(
        cls,
        video: VideoInput,
        filename_prefix: str,
        format: str,  # noqa: A002 - the input's name
        codec: str,
        prompt: Any,
        extra_pnginfo: Any,
    ) -> NodeOutput:
        width, height = video.get_dimensions()
        prefix = filled_prefix(filename_prefix, width=width, height=height, number=0)
        container = VideoContainer(format)
        file = context().stage(prefix=prefix, suffix=container.suffix, folder=OutputFolder.OUTPUT)
        tags = workflow_tags(prompt, extra_pnginfo)
        video.save_to(file.path, container, VideoCodec(codec), tags, _progress(video))
        file.describe(width=width, height=height)
        return NodeOutput(ui={"images": [file.item()], "animated": [True]})


class CreateVideo(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="CreateVideo",
            display_name="Create Video",
            category="image/video",
            description="Makes a video of images, and of a sound that is cut to their duration.",
            inputs=(
                IMAGE.input("images", tooltip="The frames."),
                FLOAT.value("fps", default=30.0, minimum=1.0, maximum=120.0, step=1.0),
                AUDIO.input("audio", optional=True, tooltip="What is heard."),
            ),
            outputs=(VIDEO.output(),),
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(cls, images: Tensor, fps: float, audio: Audio | None = None) -> NodeOutput:
        rate = Fraction(fps).limit_denominator(_FINEST_RATE)
        components = VideoComponents(images=images, frame_rate=rate, audio=audio)
        return NodeOutput(VideoFromComponents(components))


class GetVideoComponents(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="GetVideoComponents",
            display_name="Get Video Components",
            category="image/video",
            description=(
                "Reads all frames of a video into memory, with its sound and its rate. A video "
                "without sound gives none."
            ),
            inputs=(VIDEO.input("video", tooltip="The video to take apart."),),
            outputs=(IMAGE.output("images"), AUDIO.output("audio"), FLOAT.output("fps")),
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(cls, video: VideoInput) -> NodeOutput:
        parts = video.get_components(_progress(video))
        return NodeOutput(parts.images, parts.audio, float(parts.frame_rate))


class VideoSlice(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="Video Slice",
            display_name="Video Slice",
            category="image/video",
            description=(
                "Takes a part of a video, exact to the frame. A negative start counts from the "
                "end, and a duration of 0 goes on to the end."
            ),
            inputs=(
                VIDEO.input("video"),
                FLOAT.value("start_time", default=0.0, minimum=-1e5, maximum=1e5, step=0.001),
                FLOAT.value("duration", default=0.0, minimum=0.0, step=0.001),
                BOOLEAN.value(
                    "strict_duration",
                    default=False,
                    tooltip="Fails if the video is too short, in place of giving less.",
                ),
            ),
            outputs=(VIDEO.output(),),
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(
        cls, video: VideoInput, start_time: float, duration: float, strict_duration: bool
    ) -> NodeOutput:
        return NodeOutput(video.as_trimmed(start_time, duration, strict_duration))


class VideoScale(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="VideoScale",
            display_name="Scale Video",
            category="image/video",
            description=(
                "Brings a video to another size, frame by frame while it is written. A width or "
                "height of 0 follows from the other and the ratio; with both 0 nothing is done."
            ),
            inputs=(
                VIDEO.input("video"),
                INT.value("width", default=1280, minimum=0, maximum=LARGEST_SIDE, step=1),
                INT.value("height", default=0, minimum=0, maximum=LARGEST_SIDE, step=1),
            ),
            outputs=(VIDEO.output(),),
            light=True,
        )

    @classmethod
    def execute(cls, video: VideoInput, width: int, height: int) -> NodeOutput:
        if width == 0 and height == 0:
            return NodeOutput(video)
        old_width, old_height = video.get_dimensions()
        width = width or max(2, 2 * round(old_width * height / old_height / 2))
        height = height or max(2, 2 * round(old_height * width / old_width / 2))
        return NodeOutput(ScaledVideo(video, width, height))


def _progress(video: VideoInput) -> Progress:
    """Tells the engine how far it is, which is also where a cancelled run stops."""
    total = video.get_duration()
    return lambda seconds: context().progress(min(max(seconds, 0.0), total), total)


NODES: tuple[type[Node], ...] = (
    LoadVideo,
    SaveVideo,
    CreateVideo,
    GetVideoComponents,
    VideoSlice,
    VideoScale,
)
