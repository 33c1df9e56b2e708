"""Names under which templates find values that automations set."""

from collections.abc import Iterable

from hub.config.scalars import Unfit

# What a firing sets itself, and words of the template language.
_TAKEN = frozenset(["trigger", "context", "wait", "repeat"])
_WORDS = frozenset(
    ["and", "or", "not", "in", "is", "if", "else", "true", "false", "none", "True", "False", "None"]
)


def free_name(name: str) -> None:
    """Raises `Unfit` for what no template could ask for, or what is set by the hub."""
    if name in _TAKEN:
        raise Unfit(f"another name, as the hub itself sets {name!r}")
    if not name.isidentifier() or name in _WORDS:
        raise Unfit("a name that templates can ask for, of letters, digits and `_`")


def free_names(names: Iterable[str]) -> None:
    """Raises `ValueError` for the first of `names` that is none."""
    for name in names:
        try:
            free_name(name)
        except Unfit as unfit:
            raise ValueError(f"names {name!r}, which {unfit}") from None
