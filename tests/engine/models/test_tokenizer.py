import logging
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor

from hub.engine.models.embeddings import Embeddings
from hub.engine.models.text_encoding import SD1_TEXT, SDXL_G_TEXT, Chunk
from hub.engine.models.tokenizer import Tokenizer
from hub.engine.models.tokens import END, START, token_ids
from tests.engine.models.conftest import recorded_prompts

PROMPTS = recorded_prompts()
A, CAT = 320, 2368


def tokenizer(folder: Path | None = None) -> Tokenizer:
    return Tokenizer(SD1_TEXT, 4, Embeddings([folder] if folder else []))


def shown(chunk: Chunk) -> list[object]:
    """The tokens between start and end; of rows their first value."""
    tokens = [token for token, _ in chunk]
    content = tokens[1 : next(place for place, token in enumerate(tokens) if is_end(token))]
    return [float(token[0]) if isinstance(token, Tensor) else token for token in content]


def is_end(token: int | Tensor) -> bool:
    return isinstance(token, int) and token == END


@pytest.mark.parametrize("name", PROMPTS)
def test_prompts_are_cut_into_tokens_as_recorded(name: str) -> None:
    chunks = tokenizer().chunks(PROMPTS[name]["prompt"])
    assert [[token for token, _ in chunk] for chunk in chunks] == PROMPTS[name]["tokens"]
    assert [[weight for _, weight in chunk] for chunk in chunks] == PROMPTS[name]["weights"]


def test_a_mark_in_the_text_is_that_token() -> None:
    assert token_ids("a<|endoftext|>cat") == [A, END, CAT]


def test_other_encoders_are_padded_with_zeros() -> None:
    chunk = Tokenizer(SDXL_G_TEXT, 4, Embeddings()).chunks("a cat")[0]
    assert [token for token, _ in chunk][:5] == [START, A, CAT, END, 0]


def test_a_short_word_moves_to_the_next_chunk_and_a_long_one_is_split() -> None:
    prompt = "(" + "cat " * 74 + ":1.2)(a cat:1.3)(" + "cat " * 80 + ":1.4)"
    first, second, third = tokenizer().numbered(prompt)
    assert sum(word == 1 for *_, word in first) == 74
    assert [word for *_, word in second][:4] == [0, 2, 2, 3]
    assert sum(word == 3 for *_, word in third) == 80 - 73


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("embedding:two cat", [1.0, 2.0, CAT]),
        ("a embedding:two.safetensors", [A, 1.0, 2.0]),
        ("a embedding:two, cat", [A, 1.0, 2.0, 267, CAT]),
        ("a\nembedding:below/one cat", [A, 7.0, CAT]),
        ("a embedding:one cat", [A, 7.0, CAT]),
        ("a (embedding:one:1.2) cat", [A, 7.0, CAT]),
        ("a embedding:../outside cat", [A, CAT]),
    ],
)
def test_embeddings_stand_for_words(prompt: str, expected: list[object], tmp_path: Path) -> None:
    folder = tmp_path / "embeddings"
    (folder / "below").mkdir(parents=True)
    save_file({"emb_params": torch.tensor([[1.0] * 4, [2.0] * 4])}, folder / "two.safetensors")
    torch.save({"string_to_param": {"*": torch.full((1, 4), 7.0)}}, folder / "below" / "one.pt")
    save_file({"x": torch.ones(1, 4)}, tmp_path / "outside.safetensors")
    assert shown(tokenizer(folder).chunks(prompt)[0]) == expected


def test_an_embedding_for_another_encoder_is_left_out_with_a_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    save_file({"clip_l": torch.ones(1, 5)}, tmp_path / "wide.safetensors")
    with caplog.at_level(logging.WARNING):
        assert shown(tokenizer(tmp_path).chunks("a embedding:wide cat")[0]) == [A, CAT]
    assert "wide is not for this text encoder" in caplog.text


def test_a_file_for_several_encoders_gives_each_its_own(tmp_path: Path) -> None:
    both = {"clip_g": torch.full((1, 4), 5.0), "clip_l": torch.full((1, 4), 3.0)}
    save_file(both, tmp_path / "both.safetensors")
    assert shown(tokenizer(tmp_path).chunks("embedding:both")[0]) == [3.0]
