"""Problems: what is wrong in the configuration, where, and what was probably meant.

Readers collect problems instead of stopping at the first, so that every mistake of all files is
told at once.
"""

import dataclasses
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from operator import attrgetter

from msgspec import Struct

from hub.errors import Invalid

_PLACE = attrgetter("file", "line", "column")


class Place(Struct, frozen=True, gc=False):
    """A spot in a file. `file` is relative to the configuration folder where it lies in it; `line`
    and `column` count from 1."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """One mistake. `message` is a whole sentence for people that quotes the value; `value` is the
    offending text by itself, and never a secret's; `suggestion` is what was probably meant. A
    `warning` keeps nothing from working: what it tells of may be meant so."""

    file: str
    line: int
    column: int
    message: str
    value: str | None = None
    suggestion: str | None = None
    warning: bool = False

    def __str__(self) -> str:
        hint = f" (did you mean {self.suggestion!r}?)" if self.suggestion else ""
        kind = "warning: " if self.warning else ""
        return f"{self.file}:{self.line}:{self.column}: {kind}{self.message}{hint}"


def told_apart(problems: Iterable[Problem]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Mistakes and warnings, as texts."""
    problems = tuple(problems)
    mistakes = tuple(str(problem) for problem in problems if not problem.warning)
    return mistakes, tuple(str(problem) for problem in problems if problem.warning)


class Problems:
    """A collection of mistakes, in the order in which they are found; the same one counts once."""

    def __init__(self) -> None:
        self._found: dict[Problem, None] = {}

    def add(
        self, place: Place, message: str, *, value: str | None = None, suggestion: str | None = None
    ) -> None:
        """Note that `message` is true of `place`."""
        self.extend([problem_at(place, message, value=value, suggestion=suggestion)])

    def warn(
        self,
        place: Place,
        message: str,
        *,
        value: str | None = None,
        suggestion: str | None = None,
    ) -> None:
        """Note that `message` is true of `place`, and that this may be meant so."""
        found = problem_at(place, message, value=value, suggestion=suggestion)
        self.extend([dataclasses.replace(found, warning=True)])

    def extend(self, problems: Iterable[Problem]) -> None:
        """Take over what was found elsewhere."""
        self._found.update(dict.fromkeys(problems))

    def in_order(self) -> tuple[Problem, ...]:
        """All of them by file, line and column."""
        return tuple(sorted(self._found, key=_PLACE))

    def refuse(self) -> None:
        """Raises `ConfigurationInvalid` with every mistake, if there is one."""
        mistakes = tuple(problem for problem in self.in_order() if not problem.warning)
        if mistakes:
            raise ConfigurationInvalid(mistakes)

    def __iter__(self) -> Iterator[Problem]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)


def problem_at(
    place: Place, message: str, *, value: str | None = None, suggestion: str | None = None
) -> Problem:
    """A problem at a place."""
    return Problem(
        file=place.file,
        line=place.line,
        column=place.column,
        message=message,
        value=value,
        suggestion=suggestion,
    )


class ConfigurationInvalid(Invalid):
    """The configuration holds mistakes; all of them are listed."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        count = "a problem" if len(problems) == 1 else f"{len(problems)} problems"
        lines = "\n".join(map(str, problems))
        super().__init__(f"The configuration has {count}:\n{lines}")
        self.problems = problems


def closest(word: str, choices: Iterable[str]) -> str | None:
    """The choice that `word` was probably meant to be, if one is near enough."""
    by_folded = {choice.casefold(): choice for choice in choices}
    near = get_close_matches(word.casefold(), by_folded, n=1, cutoff=0.6)
    return by_folded[near[0]] if near else None
