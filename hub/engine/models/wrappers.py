"""Functions that nodes put around the calls of a model, each of which decides whether, how often
and with what the next one is called.

They stand in `transformer_options["wrappers"]` by kind and key, as node packs know it.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hub.errors import Invalid

Function = Callable[..., Any]
APPLY_MODEL = "apply_model"
DIFFUSION_MODEL = "diffusion_model"
_CALLED = (APPLY_MODEL, DIFFUSION_MODEL)


class NeverCalled(Invalid):
    """A kind of wrapper for which the hub has no place."""

    def __init__(self, kind: str) -> None:
        super().__init__(
            f"Functions around {kind!r} are never called here, as the runs of a model are sampled "
            f"together. Use one around {' or '.join(map(repr, _CALLED))}."
        )


class Executor:
    """What a wrapper is given first: calling it goes on with the next wrapper, or with `original`.

    `class_obj` is what `original` belongs to.
    """

    def __init__(self, original: Function, class_obj: Any, wrappers: Sequence[Function]) -> None:
        self.original = original
        self.class_obj = class_obj
        self.wrappers = list(wrappers)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if not self.wrappers:
            return self.original(*args, **kwargs)
        following = Executor(self.original, self.class_obj, self.wrappers[1:])
        return self.wrappers[0](following, *args, **kwargs)

    execute = __call__


def add_wrapper(options: dict[str, Any], kind: str, key: str | None, wrapper: Function) -> None:
    """Add one to `transformer_options`. Raises `NeverCalled`."""
    if kind not in _CALLED:
        raise NeverCalled(kind)
    options.setdefault("wrappers", {}).setdefault(kind, {}).setdefault(key, []).append(wrapper)


def wrappers_of(options: Mapping[str, Any], kind: str) -> list[Function]:
    """All of a kind in `transformer_options`, the outermost first."""
    by_key = options.get("wrappers", {}).get(kind, {})
    return [wrapper for wrappers in by_key.values() for wrapper in wrappers]
