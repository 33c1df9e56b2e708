"""Videos that packs make, and ours as packs see them."""

import io
from fractions import Fraction
from typing import Any

import torch

from hub.nodes.compat.v3.media import Input, InputImpl, Types
from hub.nodes.compat.v3.video_input import VideoInput
from hub.nodes.video import VideoCodec, VideoComponents, VideoContainer

PARTS = VideoComponents(images=torch.rand(4, 16, 32, 3), frame_rate=Fraction(2))


class OfAPack(VideoInput):
    """Says no more than it has to."""

    def get_components(self, progress: Any = None) -> VideoComponents:
        return PARTS


def test_what_a_pack_leaves_out_follows_from_the_components() -> None:
    video = OfAPack()
    assert (video.get_dimensions(), video.get_duration()) == ((32, 16), 2.0)
    assert (video.get_frame_count(), video.get_frame_rate()) == (4, Fraction(2))
    assert video.as_trimmed(1.0).get_frame_count() == 2


def test_it_is_written_as_any_other() -> None:
    content = io.BytesIO()
    OfAPack().save_to(content, format=VideoContainer.MP4, codec=VideoCodec.H264)
    copied = InputImpl.VideoFromFile(io.BytesIO(content.getvalue()))
    assert (copied.get_frame_count(), copied.get_dimensions()) == (4, (32, 16))


def test_ours_are_instances_too() -> None:
    ours = InputImpl.VideoFromComponents(Types.VideoComponents(**vars(PARTS)))
    assert isinstance(ours, Input.Video)
    assert isinstance(OfAPack(), Input.Video)
    assert not isinstance(PARTS, Input.Video)


def test_containers_and_codecs_are_choices() -> None:
    assert Types.VideoContainer.as_input() == ["auto", "mp4"]
    assert Types.VideoCodec.as_input() == ["auto", "h264"]
    assert Types.VideoContainer.get_extension("auto") == "mp4"
