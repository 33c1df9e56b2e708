"""Which folder triggers would take the same file."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from hub.triggers.folder import FolderTrigger
from hub.triggers.folder_overlap import may_both_take


def trigger(path: str, **options: Any) -> FolderTrigger:
    return msgspec.convert({"trigger": "folder", "path": path, **options}, FolderTrigger)


INBOX = trigger("inbox")


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        (INBOX, INBOX, True),
        (INBOX, trigger("./inbox/"), True),
        (INBOX, trigger("inbox/scans"), True),
        (INBOX, trigger("inbox2"), False),
        (trigger("inbox", recursive=False), trigger("inbox/scans"), False),
        (trigger("inbox", depth=1), trigger("inbox/scans/old"), False),
        (trigger("inbox", ignore=["scans/"]), trigger("inbox/scans"), False),
        (trigger("inbox", media="image"), trigger("inbox", media="video"), False),
        (trigger("inbox", media="image"), trigger("inbox", patterns=["*.mp4"]), False),
        (trigger("inbox", patterns=["*.jpg"]), trigger("inbox", patterns=["*.JPG"]), True),
        (trigger("inbox", patterns=["*.jpg"]), trigger("inbox", patterns=["*.png"]), False),
        (trigger("inbox", patterns=["a_*.jpg"]), trigger("inbox", patterns=["b_*.jpg"]), False),
        (trigger("inbox", patterns=["a_*"]), trigger("inbox", patterns=["*.jpg"]), True),
        (trigger("inbox", patterns=["a/*.jpg"]), trigger("inbox", patterns=["b*.jpg"]), True),
        (trigger("inbox", regex="^a"), trigger("inbox", regex="^b"), False),
        (trigger("inbox", regex="^a"), INBOX, True),
    ],
)
def test_settings_tell_whether_a_file_could_be_for_both(
    one: FolderTrigger, other: FolderTrigger, both: bool
) -> None:
    assert may_both_take(one, other, Path("/config")) is both
    assert may_both_take(other, one, Path("/config")) is both
