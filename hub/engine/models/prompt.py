"""Weights in prompts: `(text)` is 1.1 times as heavy, `(text:1.3)` has the weight 1.3."""

from collections.abc import Iterator
from dataclasses import dataclass

_HEAVIER = 1.1
_ESCAPES = {r"\(": "\0", r"\)": "\1"}  # no prompt has these characters


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a prompt and its weight."""

    text: str
    weight: float


def segments(prompt: str) -> list[Segment]:
    """The pieces in their order. `\\(` and `\\)` stand for the parentheses themselves."""
    return [Segment(unescaped(text), weight) for text, weight in weighted(escaped(prompt), 1.0)]


def escaped(text: str) -> str:
    """With marks in the place of parentheses that mean themselves."""
    for escape, mark in _ESCAPES.items():
        text = text.replace(escape, mark)
    return text


def unescaped(text: str) -> str:
    """With these parentheses again."""
    for escape, mark in _ESCAPES.items():
        text = text.replace(mark, escape[1])
    return text


def weighted(text: str, weight: float) -> Iterator[tuple[str, float]]:
    """The pieces of an escaped text that has that weight as a whole, each with its own."""
    for part in _split(text):
        if not (len(part) > 1 and part[0] == "(" and part[-1] == ")"):
            yield part, weight
            continue
        content, number = _with_number(part[1:-1])
        yield from weighted(content, weight * _HEAVIER if number is None else number)


def _with_number(content: str) -> tuple[str, float | None]:
    """What stands before the last colon, and the number behind it if there is one."""
    before, _, behind = content.rpartition(":")
    if not before:
        return content, None
    try:
        return before, float(behind)
    except ValueError:
        return content, None


def _split(text: str) -> Iterator[str]:
    """Groups in outermost parentheses, and what stands between them.

    A group that is never closed is text, and so is all behind a parenthesis that closes nothing.
    """
    depth, begun = 0, 0
    for position, letter in enumerate(text):
        if letter == "(":
            if depth == 0 and position > begun:
                yield text[begun:position]
                begun = position
            depth += 1
        elif letter == ")":
            depth -= 1
            if depth == 0:
                yield text[begun : position + 1]
                begun = position + 1
    if begun < len(text):
        yield text[begun:]
