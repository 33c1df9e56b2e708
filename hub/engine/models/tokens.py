"""CLIP's tokenizer: pairs merged in the order in which they were learnt (Sennrich et al. 2016).

The list of merges is OpenAI's, see `clip_merges.LICENSE`.
"""

import gzip
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise

import regex

START, END = 49406, 49407
_MARKS = {"<|startoftext|>": START, "<|endoftext|>": END}  # if somebody writes them
_MERGES = 49152 - 256 - 2  # the file has more than the model was trained with
_WORDS = regex.compile(
    r"<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|\p{L}+|\p{N}|[^\s\p{L}\p{N}]+",
    regex.IGNORECASE,
)
_IDEOGRAPHS = (
    *((0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2A6DF), (0x2A700, 0x2B73F)),
    *((0x2B740, 0x2B81F), (0x2B820, 0x2CEAF), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F)),
)
Symbols = tuple[str, ...]


def token_ids(text: str) -> list[int]:
    """The ids of a text, without start and end."""
    return [number for word in _WORDS.findall(_cleaned(text)) for number in _ids_of_word(word)]


@lru_cache(maxsize=10_000)
def _ids_of_word(word: str) -> tuple[int, ...]:
    if word in _MARKS:
        return (_MARKS[word],)
    vocabulary = _Vocabulary.loaded()
    symbols = tuple(vocabulary.letters[byte] for byte in word.encode())
    merged = _merged((*symbols[:-1], f"{symbols[-1]}</w>"), vocabulary.ranks)
    return tuple(vocabulary.ids[symbol] for symbol in merged)


def _merged(symbols: Symbols, ranks: dict[tuple[str, str], int]) -> Symbols:
    """Join the pair that was learnt first, wherever it stands, until none is left."""
    while len(symbols) > 1:
        pair = min(pairwise(symbols), key=lambda pair: ranks.get(pair, len(ranks)))
        if pair not in ranks:
            break
        symbols = _joined(symbols, pair)
    return symbols


def _joined(symbols: Symbols, pair: tuple[str, str]) -> Symbols:
    joined: list[str] = []
    position = 0
    while position < len(symbols):
        if symbols[position : position + 2] == pair:
            joined.append("".join(pair))
            position += 2
        else:
            joined.append(symbols[position])
            position += 1
    return tuple(joined)


class _Vocabulary:
    """Symbols with their ids, pairs with their ranks, and the letter that stands for each byte."""

    def __init__(self, lines: list[str]) -> None:
        order = _bytes_in_order()
        visible = {byte: chr(byte) for byte in order[: 256 - _hidden_count()]}
        hidden = {byte: chr(256 + place) for place, byte in enumerate(order[len(visible) :])}
        self.letters = visible | hidden
        merges = [(first, second) for first, second in (line.split() for line in lines)]
        self.ranks = {pair: rank for rank, pair in enumerate(merges)}
        letters = [self.letters[byte] for byte in order]
        symbols = [*letters, *(f"{letter}</w>" for letter in letters), *map("".join, merges)]
        self.ids = {symbol: number for number, symbol in enumerate(symbols)}

    @staticmethod
    @cache
    def loaded() -> "_Vocabulary":
        packed = files("hub.engine.models").joinpath("clip_merges.txt.gz").read_bytes()
        lines = gzip.decompress(packed).decode().splitlines()
        return _Vocabulary(lines[1 : _MERGES + 1])


def _bytes_in_order() -> list[int]:
    """Bytes with a visible letter in Latin-1 first, then the others: the order of the first ids."""
    visible = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1)]
    visible += range(ord("®"), ord("ÿ") + 1)
    return visible + [byte for byte in range(256) if byte not in visible]


def _hidden_count() -> int:
    return 256 - (ord("~") - ord("!") + 1) - (ord("¬") - ord("¡") + 1) - (ord("ÿ") - ord("®") + 1)


def _cleaned(text: str) -> str:
    """Lower case, composed, without control characters, and each ideograph a word of its own."""
    kept = (letter for letter in text if letter.isspace() or not _is_control(letter))
    spaced = "".join(f" {letter} " if _is_ideograph(letter) else letter for letter in kept)
    return unicodedata.normalize("NFC", spaced).lower()


def _is_control(letter: str) -> bool:
    return letter == "\ufffd" or unicodedata.category(letter).startswith("C")


def _is_ideograph(letter: str) -> bool:
    return any(first <= ord(letter) <= last for first, last in _IDEOGRAPHS)
