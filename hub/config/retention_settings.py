"""The `retention:` sections of hub.yaml and of automations: how long history and files are kept."""

from datetime import timedelta
from typing import Annotated

import msgspec
from msgspec import Meta

from hub.config.fields import ByteCount

Age = Annotated[timedelta | None, Meta(description="What is older goes. Without it: however old.")]
Count = Annotated[
    Annotated[int, Meta(ge=0)] | None,
    Meta(description="Only the latest so many stay. Without it: any number."),
]
Bytes = Annotated[
    ByteCount | None,
    Meta(description="Only the latest that fit in so much stay. Without it: any amount."),
]


class Limits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much of one kind of row is kept; what is beyond any of the limits goes."""

    age: Age = None
    count: Count = None

    @property
    def bytes(self) -> int | None:
        """Rows are not measured, files are."""
        return None


class FileLimits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much of one kind of file is kept; what is beyond any of the limits goes."""

    age: Age = None
    count: Count = None
    bytes: Bytes = None

    @property
    def is_limited(self) -> bool:
        return (self.age, self.count, self.bytes) != (None, None, None)


AnyLimits = Limits | FileLimits


class OwnRetention(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The `retention:` section of an automation: instead of hub.yaml's, for what it does."""

    firings: Limits | None = None
    runs: Limits | None = None
    progress: Limits | None = None
    outputs: FileLimits | None = None


class RetentionSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The `retention:` section of hub.yaml. What people made is kept unless they say otherwise."""

    every: Annotated[timedelta, Meta(description="How often the hub looks for what may go.")] = (
        timedelta(hours=6)
    )
    firings: Limits = Limits(age=timedelta(days=90))
    runs: Limits = Limits(age=timedelta(days=90))
    progress: Limits = Limits(age=timedelta(days=14))
    outputs: FileLimits = FileLimits()
    previews: FileLimits = FileLimits(age=timedelta(days=1))
    inputs: FileLimits = FileLimits()
    unused_inputs: Annotated[
        timedelta,
        Meta(description="Input files that nothing refers to (any more) go when so old."),
    ] = timedelta(days=7)
    gone_files: Annotated[
        timedelta | None,
        Meta(
            description="For how long folder triggers remember files that are gone, by which they"
            " know content that comes again. Without it: for ever."
        ),
    ] = None

    def __post_init__(self) -> None:
        if self.every < timedelta(minutes=1):
            raise ValueError("`every` must be at least 1 minute.")
