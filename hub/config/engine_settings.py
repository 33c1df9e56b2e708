"""The `engine:` section of hub.yaml."""

from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from hub.config.fields import ByteCount
from hub.config.worker_settings import WorkerSettings


class CachePolicy(StrEnum):
    """Which node outputs are kept for later runs."""

    MEMORY = "memory"
    CLASSIC = "classic"
    LRU = "lru"
    NONE = "none"


class Previews(StrEnum):
    """Whether pictures are shown while they are sampled."""

    AUTO = "auto"
    NONE = "none"


class CacheSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The `cache:` section of `engine:`."""

    policy: Annotated[
        CachePolicy,
        Meta(
            description="Which outputs of nodes a worker keeps, so that what has not changed is not"
            " computed again. `memory`: all that `bytes` has room for; `classic`: those of the"
            " current run (of the last as many runs as there are slots); `lru`: those of the last"
            " `runs` runs; `none`: none."
        ),
    ] = CachePolicy.MEMORY
    bytes: Annotated[
        ByteCount,
        Meta(
            description="How much memory they may take in each worker, with every policy. What is"
            " quickly made again for its size goes first.",
            ge=1 << 20,
        ),
    ] = 1 << 30
    runs: Annotated[int, Meta(description="How many runs `lru` looks back.", ge=1)] = 10


class EngineSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many runs go on at once, and how much they may take."""

    workers: Annotated[
        Annotated[int, Meta(ge=1, le=64)] | Annotated[list[WorkerSettings], Meta(min_length=1)],
        Meta(
            description="How many worker processes carry out runs; or a list of workers of"
            " different kinds, of which the first is the primary one."
        ),
    ] = 1
    slots: Annotated[
        Annotated[int, Meta(ge=1, le=256)] | None,
        Meta(
            description="How many runs of light nodes (decode, resize, encode) go on side by side"
            " in one worker. Without it: as many as there are cores."
        ),
    ] = None
    max_batch: Annotated[
        int,
        Meta(
            description="How many latents at most share one call of a model, if there is memory for"
            " them; so many runs of generative models a worker carries out side by side.",
            ge=1,
            le=256,
        ),
    ] = 8
    compile: Annotated[
        bool,
        Meta(
            description="Whether torch compiles the networks of models (`torch.compile`). The first"
            " picture of each size then takes a minute or more longer, and those after it less; it"
            " pays on a GPU for whoever makes many. It needs a C++ compiler."
        ),
    ] = False
    cuda_graphs: Annotated[
        bool,
        Meta(
            description="Whether a GPU repeats by itself what a step of a model starts on it (CUDA"
            " graphs), so that pictures sampled one at a time are not held up by the processor."
            " There is no reason to switch it off but a driver that has trouble with it."
        ),
    ] = True
    cache: CacheSettings = CacheSettings()
    model_memory: Annotated[
        Annotated[ByteCount, Meta(ge=1 << 20)] | None,
        Meta(
            description="How much memory the models of a worker may take together on its device,"
            " mapped files not counted. Those used least recently make room. Without it: a GPU is"
            " filled but for a reserve, and without a GPU it is half of what the machine, or the"
            " container, has."
        ),
    ] = None
    previews: Annotated[
        Previews,
        Meta(
            description="Whether pictures are shown while they are sampled: `auto` does so, by the"
            " tiny decoder of the model's family where `models/vae_approx` has it; `none` does not,"
            " unless a prompt asks for it by `preview_method`."
        ),
    ] = Previews.AUTO
    resume_seconds: Annotated[
        Annotated[float, Meta(ge=0)] | None,
        Meta(
            description="A sampling that has taken so many seconds is noted on disk as it goes on,"
            " so that after the end of its worker it continues where it was. `null`: none is."
        ),
    ] = 10.0
    cancel_seconds: Annotated[
        float,
        Meta(
            description="How many seconds a cancelled run may take to stop before its worker is"
            " replaced.",
            gt=0,
        ),
    ] = 10.0
    memory_limit: Annotated[
        ByteCount | None,
        msgspec.Meta(
            description="How much memory a worker may have, mapped files such as models not"
            " counted. One that has more is ended, and so is the run it carried out. Without it:"
            " nine tenths of what the machine, or the container, has. Linux only."
        ),
    ] = None
    stall_seconds: Annotated[
        float,
        msgspec.Meta(
            description="A run that tells nothing for so long, while its worker uses no CPU time,"
            " is ended. Linux only.",
            gt=0,
        ),
    ] = 600.0
    node_seconds: Annotated[
        Annotated[float, msgspec.Meta(gt=0)] | None,
        msgspec.Meta(
            description="How many seconds a single node may run before its run is ended. Without"
            " it: as long as it likes."
        ),
    ] = None
