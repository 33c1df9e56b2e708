"""Which files are looked at, and what is said of those that are not."""

import os
from pathlib import Path
from typing import Any

import msgspec
import pytest

from hub.config.folders import Folders
from hub.testing.folder_context import MemoryTriggerContext
from hub.testing.inbox import Inbox, png
from hub.triggers.folder import FolderTrigger
from hub.triggers.folder_patterns import pattern
from hub.triggers.folder_regex import PathExpression
from hub.triggers.folder_settings import WantedMedia
from tests.triggers.folder_watching import watching

FOLDERS = Folders(config=Path("/hub"), data=Path("/hub/data"))


def explained(path: str, **settings: Any) -> str | None:
    trigger = msgspec.convert({"trigger": "folder", "path": "inbox", **settings}, FolderTrigger)
    return trigger.explain(Path("/hub/inbox") / path, FOLDERS)


@pytest.mark.parametrize(
    ("text", "path", "fits"),
    [
        ("*.jpg", "a.jpg", True),
        ("*.jpg", "sub/a.JPG", True),
        ("*.jpg", "two\nlines.jpg", True),
        ("*.jpg", "a.jpg.txt", False),
        ("img_????.jpg", "IMG_0001.jpg", True),
        ("sub/*.jpg", "sub/a.jpg", True),
        ("sub/*.jpg", "sub/deep/a.jpg", False),
        ("sub/*.jpg", "other/sub/a.jpg", False),
        ("sub/**", "sub/deep/a.jpg", True),
        ("**/deep/*", "deep/a.jpg", True),
        ("**/deep/*", "sub/deep/a.jpg", True),
        ("/a.jpg", "a.jpg", True),
        ("[ab].jpg", "b.jpg", True),
        ("[!ab].jpg", "b.jpg", False),
        ("[!ab].jpg", "c.jpg", True),
        ("a+(1).jpg", "a+(1).jpg", True),
    ],
)
def test_patterns_are_globs_that_ignore_case(text: str, path: str, fits: bool) -> None:
    assert pattern(text).matches(path) is fits


def test_a_pattern_ending_in_a_slash_is_about_folders() -> None:
    assert pattern("raw/").matches("sub/raw", folder=True)
    assert not pattern("raw/").matches("sub/raw")


@pytest.mark.parametrize("text", ["!*.jpg", "", "/", "[b-a]"])
def test_a_pattern_that_means_nothing_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"The pattern .*\."):
        pattern(text)


@pytest.mark.parametrize(
    ("path", "settings", "reason"),
    [
        ("a.jpg", {}, None),
        ("sub/deep/a.jpg", {}, None),
        ("a.mp4", {}, None),
        ("a.txt", {}, "Its suffix '.txt' is not known as that of a picture, video or sound."),
        ("a.txt", {"patterns": ["*.txt"]}, None),
        ("a.png", {"patterns": ["*.jpg", "*.tif"]}, "Its name fits none of *.jpg, *.tif."),
        ("a.mp4", {"media": "image"}, "Its suffix .mp4 is that of media of the kind video, not"),
        ("a.mp4", {"media": "image", "patterns": ["*"]}, "Its suffix .mp4 is that of media"),
        ("a.jpg.part", {}, "It is ignored because of the pattern *.part."),
        (".hidden/a.jpg", {}, "It is ignored because of the pattern .*."),
        ("@eaDir/a.jpg", {}, "It is ignored because of the pattern @eaDir."),
        ("processed/sub/a.jpg", {"ignore": ["processed/*"]}, "It is ignored because of the"),
        ("raw/a.jpg", {"ignore": ["raw/"]}, "It is ignored because of the pattern raw/."),
        ("sub/a.jpg", {"recursive": False}, "It lies deeper than the 0 folders that are looked"),
        ("a/b/c.jpg", {"depth": 1}, "It lies deeper than the 1 folders that are looked into."),
        ("a/c.jpg", {"depth": 1}, None),
        ("../other/a.jpg", {}, "It lies outside of /hub/inbox."),
        ("/elsewhere/a.jpg", {}, "It lies outside of /hub/inbox."),
        ("a.jpg", {"regex": r"^\d+"}, "Its name does not fit the regular expression ^\\d+."),
        ("1a.jpg", {"regex": r"^\d+"}, None),
    ],
)
def test_every_reason_not_to_look_at_a_file_is_told(
    path: str, settings: dict[str, Any], reason: str | None
) -> None:
    told = explained(path, **settings)
    assert told == reason or (told and reason and told.startswith(reason))


SLOW = r"^(a|aa)+$"


def test_a_name_that_takes_the_expression_too_long_does_not_fit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("hub.triggers.folder_regex.SECONDS", 0.05)
    expression = PathExpression(SLOW)
    names = [f"{'a' * count}!" for count in range(60, 65)]
    for name in names:
        said = f"{SLOW} takes more than 0.05 s on '{name}': what is named so"
        assert said in str(expression.against(name))
        assert expression.groups(name) == {}
    assert expression.against("aaa") is None
    (complaint,) = expression.complaints
    assert f"on {', '.join(map(repr, names[:3]))}, 2 more: what is" in complaint


@pytest.mark.asyncio(loop_scope="module")
async def test_the_state_of_the_trigger_says_so_and_other_files_are_taken(
    inbox: Inbox, context: MemoryTriggerContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.triggers.folder_regex.SECONDS", 0.05)
    async with watching(context, regex=SLOW, patterns=["*"]):
        slow = inbox.drop(f"{'a' * 60}!")
        inbox.drop("aaa")
        await context.pass_time_until(lambda: context.events)
        state, reason = context.reports[-1]
    assert context.seen() == [("added", "aaa")]
    assert (state, repr(slow.name) in reason) == ("watching", True)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("link.jpg", "It is a symbolic link, and those are not followed."),
        ("linked/a.jpg", "/linked is a symbolic link, and those are not followed."),
        ("folder.jpg", "It is a folder, not a file."),
        ("pipe.jpg", "It is no regular file."),
        ("folder.jpg/a.jpg", "None"),
        ("folder.jpg/a.jpg/b.jpg", "None"),
        (f"{'a' * 300}.jpg", "It cannot be looked at: file name too long."),
    ],
)
def test_what_is_no_regular_file_is_explained(tmp_path: Path, name: str, told: str) -> None:
    (tmp_path / "link.jpg").symlink_to("anything")
    (tmp_path / "folder.jpg").mkdir()
    (tmp_path / "folder.jpg" / "a.jpg").touch()
    (tmp_path / "linked").symlink_to("folder.jpg")
    os.mkfifo(tmp_path / "pipe.jpg")
    folders = Folders(config=tmp_path, data=tmp_path)
    assert str(FolderTrigger(path=".").explain(tmp_path / name, folders)).endswith(told)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"regex": "("}, "`regex` is not a regular expression"),
        ({"ignore": ["!a"]}, "begins with !"),
        ({"settle": "-PT1S"}, "`settle` must not be negative"),
        ({"interval": "PT0.5S"}, "`interval` must be at least one second"),
        ({"quarantine_after": "PT1S"}, "must not be shorter than `settle`"),
        ({"events": []}, "length >= 1"),
        ({"depth": -1}, ">= 0"),
        ({"media": "pictures"}, "Invalid enum value 'pictures'"),
        ({"pattern": "*.jpg"}, "unknown field `pattern`"),
    ],
)
def test_settings_that_cannot_be_are_refused(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=message.replace("(", r"\(")):
        explained("a.jpg", **settings)


def test_the_sample_has_the_shape_of_a_real_event() -> None:
    sample = FolderTrigger(path="inbox", regex="(?P<day>x)").sample()
    assert (sample["event_type"], sample["media"]["kind"]) == ("added", "image")
    assert sample["match"] == {"day": "sample"}
    assert FolderTrigger(path="inbox", media=WantedMedia.VIDEO).sample()["media"]["fps"] == 25.0


@pytest.mark.asyncio(loop_scope="module")
async def test_names_that_do_not_concern_the_trigger_are_not_even_opened(
    inbox: Inbox, context: MemoryTriggerContext
) -> None:
    async with watching(context, patterns=["*.jpg"], ignore=["no-*"], depth=1):
        for name in ("no-a.jpg", "a.png", "b/c/a.jpg", ".a.jpg", "no-b/a.jpg", "a.jpg.tmp"):
            inbox.put(name, png())
        inbox.drop("sub/yes.JPG")
        await context.pass_time_until(lambda: context.events)
    assert list(context.ledger.rows) == [inbox.folder / "sub" / "yes.JPG"]


@pytest.mark.asyncio(loop_scope="module")
async def test_rows_of_names_that_no_longer_concern_the_trigger_stay_as_they_are(
    inbox: Inbox, context: MemoryTriggerContext
) -> None:
    inbox.drop("a.jpg", 1)
    inbox.drop("b.jpg", 2)
    async with watching(context, existing="process"):
        await context.pass_time_until(lambda: len(context.events) == 2)
    async with watching(context, patterns=["a*"], events=("added", "removed")):
        inbox.drop("a2.jpg", 3)
        await context.pass_time_until(lambda: len(context.events) == 3)
    assert len(context.ledger.rows) == 3
