"""From a prompt to chunks of weighted tokens."""

from collections.abc import Iterable, Iterator, Sequence

from hub.engine.models.embeddings import Embeddings
from hub.engine.models.prompt import Segment, segments
from hub.engine.models.text_encoding import CHUNK, Chunk, TextStyle, Token, WeightedToken
from hub.engine.models.tokens import END, START, token_ids

_EMBEDDING = "embedding:"
_LONG = 8  # a word of so many tokens may be split between two chunks
Numbered = tuple[Token, float, int]


class Tokenizer:
    """Makes the tokens of one encoder of a family."""

    def __init__(self, style: TextStyle, width: int, embeddings: Embeddings) -> None:
        self._style = style
        self._width = width
        self._embeddings = embeddings

    def chunks(self, prompt: str) -> list[Chunk]:
        """Every chunk has 77 tokens; there is at least one."""
        return [[(token, weight) for token, weight, _ in chunk] for chunk in self.numbered(prompt)]

    def numbered(self, prompt: str) -> list[list[Numbered]]:
        """The same with each token's word, counted from 1; what belongs to no word has 0."""
        return self.arranged(self.words(segments(prompt)))

    def words(self, pieces: Iterable[Segment]) -> list[list[WeightedToken]]:
        """The tokens of a prompt in its pieces, together what should stay together."""
        return [word for piece in pieces for word in self._words(piece)]

    def arranged(self, words: Iterable[Sequence[WeightedToken]]) -> list[list[Numbered]]:
        """The chunks of these words."""
        chunks: list[list[Numbered]] = [[]]
        for number, word in enumerate(words, 1):
            self._place([(token, weight, number) for token, weight in word], chunks)
        return [self._framed(chunk) for chunk in chunks]

    def _place(self, word: list[Numbered], chunks: list[list[Numbered]]) -> None:
        room = CHUNK - 2
        is_long = len(word) >= _LONG
        while word:
            left = room - len(chunks[-1])
            if len(word) <= left:
                chunks[-1] += word
                return
            if is_long:
                chunks[-1] += word[:left]
                word = word[left:]
            chunks.append([])

    def _framed(self, tokens: Sequence[Numbered]) -> list[Numbered]:
        framed: list[Numbered] = [(START, 1.0, 0), *tokens, (END, 1.0, 0)]
        return framed + [(self._style.padding, 1.0, 0)] * (CHUNK - len(framed))

    def _words(self, segment: Segment) -> Iterator[list[WeightedToken]]:
        """What must stay together: an embedding, or the text up to the next one."""
        for text in _split_at_embeddings(segment.text):
            if text.startswith(_EMBEDDING):
                name, *rest = text.removeprefix(_EMBEDDING).split(maxsplit=1)
                rows, comma = self._rows(name)
                if rows:
                    yield [(row, segment.weight) for row in rows]
                text = " ".join([comma, *rest]).strip()
            if text:
                yield [(number, segment.weight) for number in token_ids(text)]

    def _rows(self, name: str) -> tuple[list[Token], str]:
        """The rows of an embedding, and a comma that stood at its name without belonging to it."""
        bare = name.strip(",")
        comma = ""
        if not self._embeddings.exists(name) and bare != name:
            name, comma = bare, ","
        rows = self._embeddings.rows(name, self._style.key, self._width)
        return [] if rows is None else list(rows), comma


def _split_at_embeddings(text: str) -> Iterator[str]:
    """Each embedding begins a piece. It counts only at the start or behind a space or newline."""
    begun = 0
    for place in range(1, len(text)):
        if text[place - 1] in " \n" and text.startswith(_EMBEDDING, place):
            yield text[begun : place - 1]
            begun = place
    yield text[begun:]
