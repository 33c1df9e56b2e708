"""Giving memory back: when somebody asks for it, and when the cache has dropped something."""

import gc
from collections.abc import Collection
from threading import Lock

from hub.engine.models.devices import release_unused
from hub.engine.models.model_memory import MODEL_MEMORY
from hub.engine.worker.cache import Cache
from hub.engine.worker.policies import RunKey
from hub.engine.worker.reserve import Reserve


class Freeing:
    """Waits for the runs that are under way when it is asked, and not for those that come later:
    a worker that is always busy would never get to it.

    State: `_waits_for` these runs, and `_empties_cache` says whether the cache goes too, and
    `_unloads` whether models give up their memory; `_dropped`
    is how much the cache had dropped when the allocator's reserve was last looked at.
    """

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._reserve = Reserve(cache.budget)
        self._lock = Lock()
        self._waits_for: set[RunKey] = set()
        self._empties_cache = False
        self._unloads = False
        self._dropped = 0

    def ask(self, under_way: Collection[RunKey], *, cache: bool, models: bool = False) -> None:
        """Give back what allocators keep in reserve, with `cache` what is kept of nodes, and with
        `models` what those that are not in use by then have made of their files."""
        with self._lock:
            self._waits_for |= set(under_way)
            self._empties_cache |= cache
            self._unloads |= models
            if not self._waits_for:
                self._free()

    def ended(self, run: RunKey) -> None:
        """A run has ended; any thread may say so."""
        with self._lock:
            if run in self._waits_for:
                self._waits_for.discard(run)
                if not self._waits_for:
                    self._free()
            elif self._cache.dropped != self._dropped:
                self._dropped = self._cache.dropped
                self._reserve.limit()

    def _free(self) -> None:
        if self._empties_cache:
            self._empties_cache = False
            self._cache.clear()
        gc.collect()
        if self._unloads:
            self._unloads = False
            MODEL_MEMORY.release_idle()
        release_unused()
        self._reserve.give_back()
