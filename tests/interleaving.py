"""Two threads in every order, so that a race shows each time or never."""

import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from types import FrameType
from typing import Any


def interrupted(
    first: Callable[[], object],
    then: Callable[[], object],
    place: int,
    lock: "Lock | None" = None,
) -> bool:
    """Have a thread do `first`, and another one `then` before its instruction of that number.

    False if it has fewer; `then` was not done in that case. Where both take a `lock`, `then` goes
    once `first` does not hold it.
    """
    left = place

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal left
        frame.f_trace_opcodes = True
        if event == "opcode" and left > 0:
            left = max(left - 1, 1 if lock and lock.locked() else 0)
            if left == 0:
                others.submit(then).result()
        return trace

    def traced() -> None:
        sys.settrace(trace)
        try:
            first()
        finally:
            sys.settrace(None)

    with ThreadPoolExecutor(1) as threads, ThreadPoolExecutor(1) as others:
        threads.submit(traced).result()
    return left == 0
