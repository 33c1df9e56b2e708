"""Regular expressions that come to an end.

Python's own `re` holds the interpreter while it searches, and some patterns search for ever; that
would stop every run of the worker. The `regex` package lets go of it, and keeps a time limit.
"""

from collections.abc import Callable
from typing import Any, TypeVar

import regex

from hub.errors import Invalid

SECONDS = 10.0
T = TypeVar("T")


class BadPattern(Invalid):
    """A regular expression is not well-formed."""

    def __init__(self, pattern: str, problem: object) -> None:
        super().__init__(f"The pattern {pattern!r} is no regular expression: {problem}.")


class BadReplacement(Invalid):
    """What is to be put in refers to something that the pattern does not have."""

    def __init__(self, replacement: str, problem: object) -> None:
        super().__init__(f"The replacement {replacement!r} cannot be used: {problem}.")


class PatternTooSlow(Invalid):
    """A search was given up."""

    def __init__(self, pattern: str, seconds: float) -> None:
        super().__init__(
            f"The pattern {pattern!r} took more than {seconds:g} s. Nested repeats such as (a+)+ "
            "are the usual cause; write it without them."
        )


class Pattern:
    """A regular expression with its flags. Raises `BadPattern`."""

    def __init__(
        self,
        text: str,
        *,
        case_insensitive: bool = False,
        multiline: bool = False,
        dotall: bool = False,
        seconds: float = SECONDS,
    ) -> None:
        flags = (
            regex.VERSION0
            | (regex.IGNORECASE if case_insensitive else 0)
            | (regex.MULTILINE if multiline else 0)
            | (regex.DOTALL if dotall else 0)
        )
        self._text = text
        self._seconds = seconds
        try:
            self._compiled = regex.compile(text, flags)
        except regex.error as error:
            raise BadPattern(text, error) from None

    @property
    def groups(self) -> int:
        """How many groups in brackets it has."""
        return int(self._compiled.groups)

    def first(self, string: str) -> regex.Match[str] | None:
        """The first place that matches. Raises `PatternTooSlow`."""
        return self._in_time(self._compiled.search, string)

    def matches(self, string: str) -> list[regex.Match[str]]:
        """All places that match, from left to right. Raises `PatternTooSlow`."""
        search = self._compiled.finditer
        return self._in_time(lambda *args, **limits: list(search(*args, **limits)), string)

    def replaced(self, string: str, replacement: str, count: int = 0) -> str:
        """With the first `count` places replaced, 0 meaning all. Raises `PatternTooSlow`."""
        try:
            result: str = self._in_time(self._compiled.sub, replacement, string, count)
        except (regex.error, IndexError) as error:
            raise BadReplacement(replacement, error) from None
        return result

    def _in_time(self, search: Callable[..., T], *arguments: Any) -> T:
        try:
            return search(*arguments, concurrent=True, timeout=self._seconds)
        except TimeoutError:
            raise PatternTooSlow(self._text, self._seconds) from None
