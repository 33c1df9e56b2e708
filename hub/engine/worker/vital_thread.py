"""Threads without which a worker is of no use."""

import errno
import os
import sys
from threading import Thread
from types import TracebackType

from hub.engine.messages import DESCRIPTORS_CLOSED


class VitalThread(Thread):
    """Ends the process when it ends, as its runs would hang without it; the hub starts a new one.

    This is not left to `threading.excepthook`, which nodes may replace, and which also hears of
    threads that nodes have started: those may fail without harm.
    """

    def run(self) -> None:
        try:
            super().run()
        finally:
            end_process(*sys.exc_info())


def end_process(
    kind: type[BaseException] | None,
    error: BaseException | None,
    traceback: TracebackType | None,
) -> None:
    """Tell the error, then end at once: threads that nodes left behind are not waited for.

    As `sys.excepthook` it does the same for the main thread.
    """
    if kind is not None and error is not None:
        sys.__excepthook__(kind, error, traceback)
    closed = isinstance(error, OSError) and error.errno in (errno.EBADF, errno.ENOTSOCK)
    os._exit(DESCRIPTORS_CLOSED if closed else 1)
