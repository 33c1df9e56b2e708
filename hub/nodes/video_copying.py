"""Copies the tracks of a video file into an MP4 as they are, without decoding them."""

from collections.abc import Mapping

from av.audio.stream import AudioStream
from av.container import InputContainer
from av.stream import Stream

from hub.nodes.media_opening import Source, opened, packets, sound_stream, video_stream
from hub.nodes.media_tags import kept_tags
from hub.nodes.media_writing import Target, writing
from hub.nodes.video_encoding import Progress, seconds_of

_MP4_FAMILY = "mp4"
_SOUNDS_OF_MP4 = {"aac", "mp3", "ac3", "eac3", "alac"}
_VIDEOS_OF_MP4 = {"h264", "hevc", "av1", "vp9", "mpeg4"}


def is_mp4(container: InputContainer) -> bool:
    """Whether the file is an MP4 or QuickTime's, which is nearly the same."""
    return _MP4_FAMILY in container.format.name.split(",")


def fits_mp4(source: Source, *, codec: str | None) -> bool:
    """Whether it is an MP4 whose tracks players will know; `codec` is what was asked for."""
    with opened(source) as container:
        video, sound = video_stream(source, container), sound_stream(container)
        name = video.codec_context.name
        fits = is_mp4(container) and name in _VIDEOS_OF_MP4 and codec in (None, name)
        return fits and (sound is None or _codec(sound) in _SOUNDS_OF_MP4)


def copy_video(
    source: Source, target: Target, tags: Mapping[str, str], progress: Progress | None
) -> None:
    """Write an MP4 with the video and all sound tracks of `source`."""
    with opened(source) as container:
        tracks = [video_stream(source, container), *_copied_sounds(container)]
        kept = kept_tags(container.metadata)
        with writing(target, "mp4", {**kept, **tags}) as copy:
            pairs: dict[int, Stream] = {
                track.index: copy.add_stream_from_template(track) for track in tracks
            }
            for packet in packets(source, container, *tracks):
                if not packet.size:  # the last of every stream
                    continue
                packet.stream = pairs[packet.stream_index]
                if progress:
                    progress(seconds_of(packet))
                copy.mux(packet)


def _copied_sounds(container: InputContainer) -> list[Stream]:
    return [stream for stream in container.streams.audio if _codec(stream) in _SOUNDS_OF_MP4]


def _codec(stream: AudioStream) -> str:
    """What it was encoded with, whichever decoder reads it (`mp3float` reads `mp3`)."""
    return stream.codec_context.codec.canonical_name
