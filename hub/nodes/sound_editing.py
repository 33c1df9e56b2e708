"""Nodes that make and change sounds."""

from hub.nodes.api import AUDIO, FLOAT, INT, Node, NodeOutput, Schema, choice
from hub.nodes.sound import (
    Audio,
    amplified,
    concatenated,
    joined_channels,
    merged,
    silence,
    split,
    trimmed,
)

_MODULE = "comfy_extras.nodes_audio"
_LARGEST = 18446744073709551615  # what ComfyUI's forms allow


class EmptyAudio(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="EmptyAudio",
            display_name="Empty Audio",
            category="audio",
            description="Silence.",
            inputs=(
                FLOAT.value("duration", default=60.0, minimum=0.0, maximum=_LARGEST, step=0.01),
                INT.value("sample_rate", default=44100, minimum=1, maximum=192000),
                INT.value("channels", default=2, minimum=1, maximum=2),
            ),
            outputs=(AUDIO.output(),),
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(cls, duration: float, sample_rate: int, channels: int) -> NodeOutput:
        return NodeOutput(silence(duration, sample_rate, channels))


class TrimAudioDuration(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="TrimAudioDuration",
            display_name="Trim Audio Duration",
            category="audio",
            description=(
                "Takes a part of a sound, in seconds. A negative start counts from the end."
            ),
            inputs=(
                AUDIO.input("audio"),
                FLOAT.value(
                    "start_index", default=0.0, minimum=-_LARGEST, maximum=_LARGEST, step=0.01
                ),
                FLOAT.value("duration", default=60.0, minimum=0.0, step=0.01),
            ),
            outputs=(AUDIO.output(),),
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(cls, audio: Audio, start_index: float, duration: float) -> NodeOutput:
        return NodeOutput(trimmed(audio, start_index, duration))


class SplitAudioChannels(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="SplitAudioChannels",
            display_name="Split Audio Channels",
            category="audio",
            description="Left and right of a stereo sound, each by itself.",
            inputs=(AUDIO.input("audio"),),
            outputs=(AUDIO.output("left"), AUDIO.output("right")),
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(cls, audio: Audio) -> NodeOutput:
        return NodeOutput(*split(audio))


class JoinAudioChannels(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="JoinAudioChannels",
            display_name="Join Audio Channels",
            category="audio",
            description="A stereo sound of two; the shorter one ends in silence.",
            inputs=(AUDIO.input("audio_left"), AUDIO.input("audio_right")),
            outputs=(AUDIO.output("audio"),),
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(cls, audio_left: Audio, audio_right: Audio) -> NodeOutput:
        return NodeOutput(joined_channels(audio_left, audio_right))


class AudioConcat(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="AudioConcat",
            display_name="Audio Concat",
            category="audio",
            description="One sound after or before the other, at the higher of their rates.",
            inputs=(
                AUDIO.input("audio1"),
                AUDIO.input("audio2"),
                choice("direction", ("after", "before"), tooltip="Where the second one goes."),
            ),
            outputs=(AUDIO.output(),),
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(cls, audio1: Audio, audio2: Audio, direction: str) -> NodeOutput:
        order = (audio1, audio2) if direction == "after" else (audio2, audio1)
        return NodeOutput(concatenated(*order))


class AudioMerge(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="AudioMerge",
            display_name="Audio Merge",
            category="audio",
            description=(
                "Two sounds at once, as long as the first. What comes out too loud is made quieter."
            ),
            inputs=(
                AUDIO.input("audio1"),
                AUDIO.input("audio2"),
                choice("merge_method", ("add", "mean", "subtract", "multiply")),
            ),
            outputs=(AUDIO.output(),),
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(cls, audio1: Audio, audio2: Audio, merge_method: str) -> NodeOutput:
        return NodeOutput(merged(audio1, audio2, merge_method))


class AudioAdjustVolume(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="AudioAdjustVolume",
            display_name="Audio Adjust Volume",
            category="audio",
            description="Makes a sound louder or quieter, in decibels.",
            inputs=(
                AUDIO.input("audio"),
                INT.value("volume", default=1, minimum=-100, maximum=100, tooltip="In decibels."),
            ),
            outputs=(AUDIO.output(),),
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(cls, audio: Audio, volume: int) -> NodeOutput:
        return NodeOutput(amplified(audio, volume))


NODES: tuple[type[Node], ...] = (
    EmptyAudio,
    TrimAudioDuration,
    SplitAudioChannels,
    JoinAudioChannels,
    AudioConcat,
    AudioMerge,
    AudioAdjustVolume,
)
