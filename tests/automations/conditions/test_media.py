"""What is asked of a picture or video."""

from pathlib import Path
from typing import Any

import pytest

from hub.automations.conditions.media import NoMedia
from tests.automations.conditions.judged import judged, mistakes

PHOTO: dict[str, Any] = {
    "kind": "image",
    "width": 4000,
    "height": 3000,
    "alpha": False,
    "exif": {"Model": "iPhone 15 Pro"},
}
FILM: dict[str, Any] = {
    "kind": "video",
    "width": 1080,
    "height": 1920,
    "duration": 75.0,
    "fps": 29.97,
    "frames": 2248,
}


@pytest.mark.parametrize(
    ("asked", "holds", "details"),
    [
        ("max_width: 2048", False, "the width is 4000, at most 2048 wanted"),
        ("max_width: 4000", True, "the width is 4000, at most 4000 wanted"),
        ("min_ratio: 1.5", False, "the ratio is 1.33333, at least 1.5 wanted"),
        ("kind: video", False, "the kind is image, video wanted"),
        ("kind: [video, image]", True, "the kind is image, video or image wanted"),
        ("orientation: portrait", False, "the orientation is landscape, portrait wanted"),
        ("alpha: true", False, "it has no transparency"),
        ("min_frames: 2", False, "the frames is unknown, at least 2 wanted"),
        ("max_size: 2 MB", False, "the size is 3e+06, at most 2e+06 wanted"),
        ("exif: {Model: 'iphone*'}", True, "EXIF Model is 'iPhone 15 Pro', 'iphone*' wanted"),
        ("exif: {GPSInfo: '*'}", False, "there is no EXIF GPSInfo"),
    ],
)
async def test_a_photo_is_judged_by_its_facts(
    tmp_path: Path, asked: str, holds: bool, details: str
) -> None:
    text = f"{{condition: media, {asked}}}"
    ruling = await judged(tmp_path, text, media=PHOTO, size=3_000_000)
    assert (ruling.holds, ruling.details) == (holds, details)


async def test_a_video_is_judged_by_its_duration(tmp_path: Path) -> None:
    text = "{condition: media, min_duration: 1 min, max_duration: 2 min, orientation: portrait}"
    assert (await judged(tmp_path, text, media=FILM)).holds


async def test_only_what_does_not_fit_is_told(tmp_path: Path) -> None:
    text = "{condition: media, kind: image, min_width: 10, max_height: 100}"
    ruling = await judged(tmp_path, text, media=PHOTO)
    assert ruling.details == "the height is 3000, at most 100 wanted"


async def test_an_event_without_media_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(NoMedia, match="no picture, video or sound"):
        await judged(tmp_path, "{condition: media, kind: image}", json={})


def test_a_mistyped_key_is_told_with_the_right_one(tmp_path: Path) -> None:
    (mistake,) = mistakes(tmp_path, "{condition: media, max_widht: 8}")
    assert "did you mean 'max_width'?" in mistake
