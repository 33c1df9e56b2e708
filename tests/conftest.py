"""What holds for every test: clean environment, one torch thread, a loop that never blocks."""

import os
import signal
from collections.abc import Iterator

import pytest
from blockbuster import BlockBusterFunction, blockbuster_ctx

# These live in processes of their own, or are called by tests, and may take their time.
OFF_THE_LOOP = ["hub.engine.worker", "hub.nodes", "hub.testing"]

# A look at a file's metadata takes microseconds and happens inside imports, time zones and
# tracebacks too, and a new folder is as quick; whether a lock is free at the moment of asking is
# a matter of luck.
TOO_SMALL_TO_MIND = (
    "os.access",
    "os.getcwd",
    "os.mkdir",
    "os.path.",
    "os.readlink",
    "os.stat",
    "threading.",
)


# Name what is no part of the project, and is tried where somebody has it.
FILES_OF_OTHERS = {"HUB_CLIENTS", "HUB_COMPAT_WORKFLOWS", "HUB_UPSCALER"}


def pytest_configure() -> None:
    """Forget settings of whoever runs the tests; two torch threads spin against each other.

    A shell starts what is in its background deaf to Ctrl-C, and so would be what tests start.
    """
    for name in [name for name in os.environ if name.startswith("HUB_")]:
        if name not in FILES_OF_OTHERS:
            del os.environ[name]
    os.environ["OMP_NUM_THREADS"] = "1"
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def the_loop_is_never_blocked() -> Iterator[None]:
    """Make code of the hub fail where it reads, writes, waits or queries on an event loop."""
    with blockbuster_ctx("hub", excluded_modules=OFF_THE_LOOP) as guard:
        for name, function in guard.functions.items():
            if name.startswith(TOO_SMALL_TO_MIND):
                function.deactivate()
        guard.functions["io.BufferedReader.read"].can_block_in("zoneinfo/_common.py", "load_data")
        guard.functions["os.fsync"] = BlockBusterFunction(
            None, "os.fsync", scanned_modules="hub", excluded_modules=OFF_THE_LOOP
        ).activate()
        yield
