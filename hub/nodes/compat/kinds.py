"""Classes of ComfyUI's that stand for objects of the hub.

Packs ask with `isinstance` what a link carries or which family a model is of, use the classes in
annotations, and derive from them. Some can be called, and give an object of the hub.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from hub.nodes.compat.not_yet import NotOffered, StandIn, caller


class Kind(StandIn):
    """Its instances are whatever it `includes`, but not those of classes that packs derive."""

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:  # noqa: N805 - a class of classes
        make = vars(cls).get("make")
        if make is None:
            raise NotOffered(cls.offered_as, caller())
        return make(*args, **kwargs)

    def __instancecheck__(cls, instance: object) -> bool:  # noqa: N805
        includes = vars(cls).get("includes")
        return super().__instancecheck__(instance) if includes is None else includes(instance)


def kind(
    name: str, includes: Callable[[Any], bool] | type, make: Callable[..., Any] | None = None
) -> Any:
    """The class of ComfyUI's `name`. What it includes is told by a function, or is a class."""
    module, _, own = name.rpartition(".")
    if isinstance(includes, type):
        includes = partial(_is_of, includes)
    contents = {"offered_as": name, "__module__": module, "includes": includes, "make": make}
    return Kind(own, (), contents)


def _is_of(kind: type, instance: object) -> bool:
    return isinstance(instance, kind)
