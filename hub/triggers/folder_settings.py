"""What can be set of a folder trigger, with its checks."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from hub.config.fields import ONE_OR_MANY, OneOrMany
from hub.records.media import MediaKind
from hub.triggers.folder_patterns import pattern
from hub.triggers.folder_regex import group_names
from hub.triggers.settings import TriggerSettings

_GROUPS = ("relative_dir", "stem", "suffix", "event_type")


class FolderEvent(StrEnum):
    """What can happen to a file."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"
    RENAMED = "renamed"


class WantedMedia(StrEnum):
    """Which media a trigger is about."""

    ANY = "any"
    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"

    def takes(self, kind: MediaKind) -> bool:
        return self is WantedMedia.ANY or self.value == kind.value


class Existing(StrEnum):
    """What becomes of files that were there before the trigger began to watch."""

    PROCESS = "process"
    SKIP = "skip"
    SINCE_LAST_RUN = "since_last_run"


class OnDuplicate(StrEnum):
    """What becomes of a file whose content led to an event of the automation before."""

    SKIP = "skip"
    RUN = "run"


class BatchSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Several files, one event."""

    max: Annotated[int, Meta(description="So many files are an event at once.", ge=1, le=1000)] = (
        100
    )
    quiet: Annotated[timedelta, Meta(description="Fewer are one if no other came for so long.")] = (
        timedelta(seconds=10)
    )
    group_by: Annotated[
        str | None,
        Meta(
            description="Only files for which this is the same go together: `relative_dir`,"
            " `stem`, `suffix`, `event_type`, or `match.` with the name of a group of `regex`."
        ),
    ] = None

    def __post_init__(self) -> None:
        if self.quiet < timedelta(0):
            raise ValueError("`quiet` must not be negative.")
        if self.group_by is not None and not (
            self.group_by in _GROUPS or self.group_by.startswith("match.")
        ):
            raise ValueError(
                f"`group_by` must be one of {', '.join(_GROUPS)}, or `match.` with the name of a"
                f" group of `regex`, not {self.group_by!r}."
            )

    def group_of(self, variables: Mapping[str, Any]) -> str:
        """The group of the file that has these variables."""
        if self.group_by is None:
            return ""
        if self.group_by.startswith("match."):
            return str(variables["match"].get(self.group_by.removeprefix("match.")))
        return str(variables[self.group_by])


class FolderSettings(TriggerSettings, frozen=True, kw_only=True):
    """Where to look, at which files, and what to make of them."""

    path: Annotated[
        str,
        Meta(
            description="The folder to watch; relative ones count from the configuration folder."
            " It must lie in one of the allowed folders.",
            min_length=1,
        ),
    ]
    patterns: Annotated[
        OneOrMany[str],
        Meta(
            description="Names of files to look at, such as *.jpg. Left out: all whose suffix is"
            " known as that of the wanted media."
        ),
    ] = msgspec.field(default_factory=list)
    ignore: Annotated[
        OneOrMany[str],
        Meta(
            description="Names of files and folders to leave alone, besides dotfiles, *.part,"
            " *.crdownload, *.tmp, Thumbs.db and @eaDir."
        ),
    ] = msgspec.field(default_factory=list)
    regex: Annotated[
        str | None,
        Meta(
            description="A regular expression that must be found in the path below the folder;"
            " its named groups become `trigger.match`."
        ),
    ] = None
    media: Annotated[WantedMedia, Meta(description="Kind of media to look at.")] = WantedMedia.ANY
    recursive: Annotated[bool, Meta(description="Whether folders below are looked into.")] = True
    depth: Annotated[
        Annotated[int, Meta(ge=0)] | None,
        Meta(description="How many levels of folders below are looked into; all when left out."),
    ] = None
    events: Annotated[
        tuple[FolderEvent, ...],
        Meta(
            description="What happens to a file that makes an event.",
            min_length=1,
            extra={ONE_OR_MANY: True},
        ),
    ] = (FolderEvent.ADDED,)
    settle: Annotated[
        timedelta,
        Meta(description="For how long a file must stay unchanged before it is opened."),
    ] = timedelta(seconds=2)
    existing: Annotated[
        Existing,
        Meta(
            description="Files that were there before: `since_last_run` takes those that came"
            " since the trigger last watched, and none at its very first start; `process` takes"
            " them then, too; `skip` never does."
        ),
    ] = Existing.SINCE_LAST_RUN
    polling: Annotated[
        bool | Literal["auto"],
        Meta(
            description="Whether the folder is looked through at intervals instead of being"
            " watched; `auto` does so on NFS, CIFS and FUSE."
        ),
    ] = "auto"
    interval: Annotated[timedelta, Meta(description="With polling: how often to look.")] = (
        timedelta(seconds=10)
    )
    on_duplicate: Annotated[
        OnDuplicate,
        Meta(
            description="A file whose content led to an event of this automation before: `skip`"
            " notes it and does nothing, `run` takes it like any other."
        ),
    ] = OnDuplicate.SKIP
    batch: Annotated[
        BatchSettings | None,
        Meta(description="Gathers files: many of them make one event, with `trigger.files`."),
    ] = None
    quarantine_after: Annotated[
        timedelta,
        Meta(description="When a file that never stops changing is shown in quarantine."),
    ] = timedelta(minutes=10)

    def __post_init__(self) -> None:
        for text in (*self.patterns, *self.ignore):
            pattern(text)
        self._check_batch(group_names(self.regex))
        if self.settle < timedelta(0):
            raise ValueError("`settle` must not be negative.")
        if self.interval < timedelta(seconds=1):
            raise ValueError("`interval` must be at least one second.")
        if self.quarantine_after < self.settle:
            raise ValueError("`quarantine_after` must not be shorter than `settle`.")

    def _check_batch(self, names: list[str]) -> None:
        wanted = self.batch.group_by if self.batch else None
        if wanted is None or not wanted.startswith("match."):
            return
        if wanted.removeprefix("match.") not in names:
            raise ValueError(f"`group_by: {wanted}` names no group of `regex`.")

    @property
    def deepest(self) -> int | None:
        """How many levels of folders are looked into; None is all."""
        return self.depth if self.recursive else 0

    def wants(self, event: FolderEvent) -> bool:
        return event in self.events
