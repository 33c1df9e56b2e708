"""Lists and mappings in templates, under Home Assistant's names and with its meaning.

Home Assistant gives the results of set operations in no order; here they keep the order they had.
"""

from collections.abc import Iterable
from typing import Any

from hub.automations.template_rendering import current_rendering


def combine(*mappings: dict[Any, Any], recursive: bool = False) -> dict[Any, Any]:
    """One mapping of several; later ones win, `recursive` also inside common keys."""
    combined: dict[Any, Any] = {}
    for mapping in mappings:
        for key, value in mapping.items():
            both = isinstance(value, dict) and isinstance(combined.get(key), dict)
            combined[key] = (
                combine(combined[key], value, recursive=True) if recursive and both else value
            )
    return combined


def flatten(value: Iterable[Any], levels: int | None = None) -> list[Any]:
    """Lists inside a list opened, all or so many levels deep."""
    flat: list[Any] = []
    for item in value:
        if isinstance(item, list | tuple) and levels != 0:
            flat += flatten(item, None if levels is None else levels - 1)
        else:
            flat.append(item)
    return flat


def difference(value: Iterable[Any], other: Iterable[Any]) -> list[Any]:
    """What is in the first only."""
    others = set(other)
    return [item for item in dict.fromkeys(value) if item not in others]


def intersect(value: Iterable[Any], other: Iterable[Any]) -> list[Any]:
    """What is in both."""
    others = set(other)
    return [item for item in dict.fromkeys(value) if item in others]


def union(value: Iterable[Any], other: Iterable[Any]) -> list[Any]:
    """What is in either, once."""
    return list(dict.fromkeys([*value, *other]))


def symmetric_difference(value: Iterable[Any], other: Iterable[Any]) -> list[Any]:
    """What is in one of them only."""
    first, second = list(value), list(other)
    return [*difference(first, second), *difference(second, first)]


def contains(value: Any, item: Any) -> bool:
    """Whether a list has an item, a mapping a key, a text a part."""
    return item in value


def is_list(value: Any) -> bool:
    """Whether it is a list."""
    return isinstance(value, list)


def is_set(value: Any) -> bool:
    """Whether it is a set."""
    return isinstance(value, set)


def as_set(value: Iterable[Any] = ()) -> set[Any]:
    """Its items, each once."""
    return set(value)


def zip_lists(*lists: Iterable[Any]) -> list[tuple[Any, ...]]:
    """First with first, second with second, until the shortest ends."""
    return list(zip(*lists, strict=False))


def random_choice(value: Iterable[Any]) -> Any:
    """One item; the same again when the same template is rendered at the same moment."""
    items = list(value)
    if not items:
        raise ValueError("random has nothing to choose from: the list is empty")
    return current_rendering.get().chance.choice(items)
