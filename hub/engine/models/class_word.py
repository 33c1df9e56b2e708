"""The word of a prompt that names what a person is: man, woman, girl (PhotoMaker, Li et al. 2023).

It stands before a trigger, which itself is left out. Its last token is repeated for each picture.

    a photo of a man photomaker at sea     of two pictures:    a photo of a man man at sea
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from hub.engine.models.prompt import Segment, segments
from hub.engine.models.text_encoder import TextEncoder
from hub.engine.models.tokenizer import Numbered, Tokenizer
from hub.errors import Invalid

TRIGGER = "photomaker"
_TRIGGER = re.compile(rf"(?<![\w:]){TRIGGER}(?!\w)", re.IGNORECASE)  # and no embedding of that name
Chunks = list[list[Numbered]]


class NoClassWord(Invalid):
    """Nothing stands before the trigger."""

    def __init__(self) -> None:
        super().__init__(
            f"The text has no word before {TRIGGER!r} that the person of the pictures could be put "
            f"into. Write what the person is there, as in 'a photo of a woman {TRIGGER}'."
        )


class SeveralTriggers(Invalid):
    """There is more than one place for the pictures."""

    def __init__(self, count: int) -> None:
        super().__init__(
            f"The text has the word {TRIGGER!r} {count} times, and PhotoMaker puts its pictures "
            "into one place of a prompt. Leave it behind one word only."
        )


class PlacesDiffer(Invalid):
    """The encoders do not see the word at the same place."""

    def __init__(self) -> None:
        super().__init__(
            f"The word before {TRIGGER!r} is not at the same place for both text encoders, because "
            "an embedding before it has rows for one of them alone. Put the embedding behind it."
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class ClassedTokens:
    """The chunks of each encoder, and where in its joined states the repeated token stands."""

    tokens: dict[str, Chunks]
    places: list[int]


def classed_tokens(text: str, encoder: TextEncoder, count: int) -> ClassedTokens | None:
    """With the class word's last token `count` times; None if the text has no trigger.

    Raises `NoClassWord`, `SeveralTriggers`, `PlacesDiffer`.
    """
    sides = _sides(text)
    if len(sides) == 1:
        return None
    if len(sides) > 2:
        raise SeveralTriggers(len(sides) - 1)
    before, behind = sides
    tokens: dict[str, Chunks] = {}
    places: set[tuple[int, ...]] = set()
    for key, tokenizer in encoder.tokenizers.items():
        tokens[key], found = _repeated(tokenizer, before, behind, count)
        places.add(found)
    if len(places) > 1:
        raise PlacesDiffer
    return ClassedTokens(tokens=tokens, places=list(places.pop()))


def _sides(text: str) -> list[list[Segment]]:
    """What stands between triggers."""
    sides: list[list[Segment]] = [[]]
    for segment in segments(text):
        first, *others = _TRIGGER.split(segment.text)
        sides[-1].append(Segment(first, segment.weight))
        sides += [[Segment(other, segment.weight)] for other in others]
    return sides


def _repeated(
    tokenizer: Tokenizer, before: Sequence[Segment], behind: Sequence[Segment], count: int
) -> tuple[Chunks, tuple[int, ...]]:
    words = [word for word in tokenizer.words(before) if word]
    if not words:
        raise NoClassWord
    *earlier, last = words
    repeated = [last[-1]] * count
    chunks = tokenizer.arranged([*earlier, last[:-1], repeated, *tokenizer.words(behind)])
    number = len(words) + 1  # counted from 1, as the beginning of the last word is one too
    places = [place for place, (*_, word) in enumerate(chain(*chunks)) if word == number]
    return chunks, tuple(places)
