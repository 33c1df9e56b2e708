"""What belongs to the whole process, or to the thread that runs of packs share, and what nodes may
change: put back between runs."""

import contextlib
import os
import sys
from threading import Lock

import torch

_STREAMS = {"stdout": 1, "stderr": 2}
_setting_threads = Lock()


class ProcessState:
    """As things were when it was made: after packs were loaded, which may have their wishes.

    Only the thread that has runs of packs to itself puts them back; in the middle of a run, another
    thread would take from a node what it needs. Left as nodes leave them: environment variables,
    loaded modules, and torch's choices between speed and exactness.
    """

    def __init__(self) -> None:
        self._folder = os.getcwd()  # noqa: PTH109 - for chdir, and nothing else
        self._depth = sys.getrecursionlimit()
        self._threads = torch.get_num_threads()
        self._dtype = torch.get_default_dtype()
        self._device = torch.get_default_device()
        self._grad = torch.is_grad_enabled()
        self._spares = {number: os.dup(number) for number in _STREAMS.values()}

    def restore(self) -> None:
        """Costs ten microseconds when nothing was changed."""
        with contextlib.suppress(OSError):  # the folder may be gone
            os.chdir(self._folder)
        sys.setrecursionlimit(self._depth)
        if torch.get_num_threads() != self._threads:
            use_torch_threads(self._threads)
        if torch.get_default_dtype() != self._dtype:
            torch.set_default_dtype(self._dtype)
        if torch.get_default_device() != self._device:
            torch.set_default_device(self._device)
        if torch.is_grad_enabled() != self._grad:
            torch.set_grad_enabled(self._grad)
        self._reopen_streams()

    def _reopen_streams(self) -> None:
        """Otherwise a file that got the number of a closed one would have prints in it."""
        for name, number in _STREAMS.items():
            if not _is_same(number, self._spares[number]):
                os.dup2(self._spares[number], number)
            if getattr(getattr(sys, name), "closed", False):
                setattr(sys, name, open(number, "w", buffering=1, closefd=False))  # noqa: SIM115


def use_torch_threads(count: int) -> None:
    """How many threads torch uses for work that this thread gives it.

    The number set last is what a thread takes that has not asked yet; so each asks at once.
    """
    with _setting_threads:
        torch.set_num_threads(count)
        torch.get_num_threads()


def _is_same(first: int, second: int) -> bool:
    try:
        return os.path.sameopenfile(first, second)
    except OSError:
        return False
