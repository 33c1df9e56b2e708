"""Stand-ins for what ComfyUI has and the hub does not offer yet.

Packs import names for annotations, for `isinstance`, and to subclass them, while most of their
nodes never use them. So a name that ComfyUI has is there as a class: it can be imported, nothing is
an instance of it, and it can be subclassed. Only calling it fails, with a sentence that says why.
A name that ComfyUI does not have is missing at once.
"""

import sys
from abc import ABCMeta
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any, NoReturn

from hub.errors import Unavailable
from hub.nodes.compat.comfyui_names import has_name

_NOT_YET = "is part of ComfyUI, and the hub does not offer it yet."
_MOST_NAMED = 5
_noted: ContextVar[set[str] | None] = ContextVar("noted", default=None)


class NotOffered(Unavailable):
    """A pack called something of ComfyUI that the hub does not have."""

    def __init__(self, name: str, caller: str) -> None:
        super().__init__(
            f"{caller} called {name}. That is part of ComfyUI, and the hub does not offer it yet. "
            "Leave this node out, or take another one for the same purpose."
        )


class StandIn(ABCMeta):
    """The class of stand-ins, and of classes that packs derive from them.

    It derives from `ABCMeta` so that those may be abstract as well. What hangs on a stand-in
    (`comfy.ops.manual_cast.Linear`) is a stand-in too.
    """

    offered_as: str

    def __call__(cls, *args: Any, **kwargs: Any) -> NoReturn:
        raise NotOffered(cls.offered_as, caller())

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("_") or "offered_as" not in cls.__dict__:
            raise AttributeError(f"{cls.offered_as}.{name} {_NOT_YET}", name=name)
        return stand_in(f"{cls.offered_as}.{name}")


@cache
def stand_in(name: str) -> Any:
    """The one class that stands for ComfyUI's `name`."""
    module, _, own = name.rpartition(".")
    return StandIn(own, (), {"offered_as": name, "__module__": module})


def not_yet(module: str) -> Callable[[str], Any]:
    """A module's `__getattr__`: stand-ins for what ComfyUI has there."""

    def missing(name: str) -> Any:
        if not has_name(module, name):
            raise AttributeError(f"{module}.{name} {_NOT_YET}", name=name)
        note(f"{module}.{name}")
        return stand_in(f"{module}.{name}")

    return missing


def note(name: str) -> None:
    """Remember that a pack wants something of that name."""
    if (names := _noted.get()) is not None:
        names.add(name)


@contextmanager
def noting() -> Iterator[set[str]]:
    """All names and modules that are asked for meanwhile, and that the hub does not offer."""
    names: set[str] = set()
    token = _noted.set(names)
    try:
        yield names
    finally:
        _noted.reset(token)


def lacking(noted: set[str]) -> tuple[str, ...]:
    """What to say of a pack that asked for these; of a module and its names, the names."""
    names = sorted(
        name for name in noted if not any(other.startswith(f"{name}.") for other in noted)
    )
    if not names:
        return ()
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    listed = ", ".join(names[:_MOST_NAMED]) + more
    return (f"It imports {listed}, which the hub does not offer yet; nodes that use them fail.",)


def caller() -> str:
    """Whose code called a stand-in, in words."""
    frame = sys._getframe(2)
    name = str(frame.f_globals.get("__name__", "")).rpartition("/")[2]
    return f"The module {name}" if name else "A pack"
