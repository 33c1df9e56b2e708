"""The `engine:` section of hub.yaml."""

from typing import Annotated

import msgspec


class EngineSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many runs go on at once, and how much a worker may remember."""

    workers: Annotated[
        int,
        msgspec.Meta(description="How many worker processes carry out runs.", ge=1, le=64),
    ] = 1
    slots: Annotated[
        Annotated[int, msgspec.Meta(ge=1, le=256)] | None,
        msgspec.Meta(
            description="How many runs of light nodes (decode, resize, encode) go on side by side"
            " in one worker. Without it: as many as there are cores."
        ),
    ] = None
    cache_bytes: Annotated[
        int,
        msgspec.Meta(
            description="How many bytes of node outputs a worker keeps, so that what has not"
            " changed is not computed again. 0 keeps none.",
            ge=0,
        ),
    ] = 1 << 30
    cancel_seconds: Annotated[
        float,
        msgspec.Meta(
            description="How many seconds a cancelled run may take to stop before its worker is"
            " replaced.",
            gt=0,
        ),
    ] = 10.0
