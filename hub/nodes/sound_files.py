"""Nodes that read sound from files and write it to them."""

from typing import Any

from hub.nodes.api import (
    AUDIO,
    STRING,
    Hidden,
    Input,
    Node,
    NodeOutput,
    Schema,
    choice,
    context,
    file_choice,
)
from hub.nodes.fingerprints import file_fingerprint
from hub.nodes.media_tags import as_text, workflow_tags
from hub.nodes.naming import filled_prefix, preview_prefix
from hub.nodes.sound import Audio, read_sound, sounds_of
from hub.nodes.sound_encoding import FLAC, SoundEncoding, mp3, opus, write_sound
from hub.records.output import OutputFolder

_HIDDEN = (Hidden.PROMPT, Hidden.EXTRA_PNGINFO)
_MODULE = "comfy_extras.nodes_audio"


def _prefix() -> Input:
    return STRING.value("filename_prefix", default="audio/ComfyUI")


class LoadAudio(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="LoadAudio",
            display_name="Load Audio",
            category="audio",
            description="Reads the sound of a file, which may also be a video.",
            inputs=(file_choice("audio", "input", audio_upload=True),),
            outputs=(AUDIO.output(),),
            light=True,
            fingerprints_inputs=True,
            module=_MODULE,
        )

    @classmethod
    def execute(cls, audio: str) -> NodeOutput:
        return NodeOutput(read_sound(context().input_file(audio)))

    @classmethod
    def fingerprint_inputs(cls, audio: str) -> str:
        return file_fingerprint(audio)


class RecordAudio(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="RecordAudio",
            display_name="Record Audio",
            category="audio",
            description="Reads a sound that was recorded in the browser, by the name of its file.",
            inputs=(Input(name="audio", type="AUDIO_RECORD"),),
            outputs=(AUDIO.output(),),
            light=True,
            fingerprints_inputs=True,
            module=_MODULE,
        )

    execute = LoadAudio.execute
    fingerprint_inputs = LoadAudio.fingerprint_inputs


class SaveAudio(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="SaveAudio",
            display_name="Save Audio (FLAC)",
            category="audio",
            description="Writes each sound of the batch as a FLAC of 24 bits.",
            inputs=(AUDIO.input("audio"), _prefix()),
            hidden=_HIDDEN,
            is_output_node=True,
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(
        cls, audio: Audio, filename_prefix: str, prompt: Any, extra_pnginfo: Any
    ) -> NodeOutput:
        tags = workflow_tags(prompt, extra_pnginfo)
        return _written(audio, filename_prefix, FLAC, "flac", tags)


class SaveAudioMP3(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="SaveAudioMP3",
            display_name="Save Audio (MP3)",
            category="audio",
            description="Writes each sound of the batch as an MP3, in mono or stereo.",
            inputs=(
                AUDIO.input("audio"),
                _prefix(),
                choice("quality", ("V0", "128k", "320k")),
            ),
            hidden=_HIDDEN,
            is_output_node=True,
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(
        cls, audio: Audio, filename_prefix: str, quality: str, prompt: Any, extra_pnginfo: Any
    ) -> NodeOutput:
        tags = workflow_tags(prompt, extra_pnginfo)
        return _written(audio, filename_prefix, mp3(quality), "mp3", tags)


class SaveAudioOpus(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="SaveAudioOpus",
            display_name="Save Audio (Opus)",
            category="audio",
            description="Writes each sound of the batch as Opus.",
            inputs=(
                AUDIO.input("audio"),
                _prefix(),
                choice("quality", ("64k", "96k", "128k", "192k", "320k"), default="128k"),
            ),
            hidden=_HIDDEN,
            is_output_node=True,
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(
        cls, audio: Audio, filename_prefix: str, quality: str, prompt: Any, extra_pnginfo: Any
    ) -> NodeOutput:
        tags = workflow_tags(prompt, extra_pnginfo)
        return _written(audio, filename_prefix, opus(quality), "opus", tags)


class PreviewAudio(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="PreviewAudio",
            display_name="Preview Audio",
            category="audio",
            description="Lets each sound of the batch be heard; the files are temporary.",
            inputs=(AUDIO.input("audio"),),
            hidden=_HIDDEN,
            is_output_node=True,
            light=True,
            module=_MODULE,
        )

    @classmethod
    def execute(cls, audio: Audio, prompt: Any, extra_pnginfo: Any) -> NodeOutput:
        tags = workflow_tags(prompt, extra_pnginfo)
        return _written(audio, preview_prefix(), FLAC, "flac", tags, OutputFolder.TEMP)


def write_sounds(
    audio: Audio,
    prefix: str,
    encoding: SoundEncoding,
    ending: str,
    tags: dict[str, Any],
    folder: OutputFolder,
) -> list[dict[str, str]]:
    """Stage one file per sound of the batch; gives the items of `ui`."""
    items = []
    for number in range(len(audio["waveform"])):
        name = filled_prefix(prefix, width=0, height=0, number=number)
        file = context().stage(prefix=name, suffix=f".{ending}", folder=folder)
        write_sound(file.path, encoding, sounds_of(audio, number=number), as_text(tags))
        items.append(file.item())
    return items


def _written(
    audio: Audio,
    prefix: str,
    encoding: SoundEncoding,
    ending: str,
    tags: dict[str, Any],
    folder: OutputFolder = OutputFolder.OUTPUT,
) -> NodeOutput:
    return NodeOutput(ui={"audio": write_sounds(audio, prefix, encoding, ending, tags, folder)})


NODES: tuple[type[Node], ...] = (
    LoadAudio,
    RecordAudio,
    SaveAudio,
    SaveAudioMP3,
    SaveAudioOpus,
    PreviewAudio,
)
