"""The regular expression of a folder trigger, which is looked for in the paths of files.

Some expressions search for ever in some names, and Python's own `re` holds the whole process
meanwhile. The `regex` package lets go of it, and gives up after a while. It is loaded late, as most
folders are watched without an expression.
"""

from typing import Any

SECONDS = 1.0
_MOST_NAMED = 3


def group_names(expression: str | None) -> list[str]:
    """The names of its groups. Raises `ValueError` with a sentence for people."""
    return list(_compiled(expression).groupindex) if expression is not None else []


class PathExpression:
    """Looked for in paths below the watched folder. `_too_slow` are those on which it was given up:
    they count as not fitting, and are not searched again."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._compiled = _compiled(text)
        self._too_slow: dict[str, None] = {}

    def against(self, relative: str) -> str | None:
        """Against looking at the file there, as a sentence."""
        if self._found(relative) is not None:
            return None
        if relative in self._too_slow:
            return self._slow(repr(relative))
        return f"Its name does not fit the regular expression {self._text}."

    def groups(self, relative: str) -> dict[str, str | None]:
        """What the named groups found."""
        found = self._found(relative)
        return found.groupdict() if found else {}

    @property
    def complaints(self) -> list[str]:
        """On which names it takes too long, as a sentence."""
        if not self._too_slow:
            return []
        names = [repr(name) for name in list(self._too_slow)[:_MOST_NAMED]]
        more = len(self._too_slow) - len(names)
        return [self._slow(", ".join([*names, *([f"{more} more"] if more else [])]))]

    def _found(self, relative: str) -> Any:
        if relative in self._too_slow:
            return None
        try:
            return self._compiled.search(relative, timeout=SECONDS, concurrent=True)
        except TimeoutError:
            self._too_slow[relative] = None
            return None

    def _slow(self, names: str) -> str:
        return (
            f"The regular expression {self._text} takes more than {SECONDS:g} s on {names}: what is"
            " named so is left alone. Repeats of repeats such as (a+)+ are the usual cause; write"
            " it without them."
        )


def _compiled(text: str) -> Any:
    import regex

    try:
        return regex.compile(text, regex.VERSION0)
    except regex.error as error:
        raise ValueError(f"`regex` is not a regular expression: {error}.") from None
