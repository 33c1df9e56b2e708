"""The few words of CLIP's vocabulary that captions have, numbered from 1; all others are 0."""

from collections.abc import Iterable

import torch
from torch import Tensor

from hub.engine.models.embeddings import Embeddings
from hub.engine.models.text_encoding import SD1_TEXT
from hub.engine.models.tokenizer import Tokenizer
from hub.engine.models.tokens import END, START

UNKNOWN = 0
_WHOLE = END + 1  # how many CLIP has


class Vocabulary:
    """That of some texts."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._tokenizer = Tokenizer(SD1_TEXT, 0, Embeddings())
        found = {token for text in texts for token in self._tokens(text)} | {START, END}
        self._numbers = {token: number for number, token in enumerate(sorted(found), UNKNOWN + 1)}

    def __len__(self) -> int:
        """With the unknown word."""
        return len(self._numbers) + 1

    def words(self, text: str) -> list[int]:
        """As many as a chunk has, with start, end and padding."""
        return [self._numbers.get(token, UNKNOWN) for token in self._tokens(text)]

    def end_of(self, words: list[int]) -> int:
        """The place of the first end."""
        return words.index(self._numbers[END])

    def table(self, rows: Tensor) -> Tensor:
        """The rows of known words among those of all of CLIP's; the others say nothing."""
        whole = torch.zeros(_WHOLE, rows.shape[1], dtype=rows.dtype)
        for token, number in self._numbers.items():
            whole[token] = rows[number]
        return whole

    def _tokens(self, text: str) -> list[int]:
        first, *_ = self._tokenizer.chunks(text)
        return [token for token, _ in first if isinstance(token, int)]
