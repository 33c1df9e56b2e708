from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from hub.engine.models.checkpoint import Checkpoint
from hub.engine.models.model_file import below, read_tensors
from hub.engine.models.text_encoder import TextEncoder
from hub.engine.models.text_files import (
    TextEncodersDoNotMatch,
    UnknownTextEncoder,
    load_text_encoder,
)
from tests.engine.models.conftest import recorded, recorded_prompts
from tests.engine.models.open_clip import save_open_clip

PROMPTS = recorded_prompts()
TOLERANCE = 1e-3  # of the standard deviation


@pytest.fixture
def text(tiny: Checkpoint) -> TextEncoder:
    assert tiny.text is not None
    return tiny.text


@pytest.mark.slow
@pytest.mark.parametrize("name", PROMPTS)
def test_prompts_are_encoded_as_recorded(name: str, reference: Checkpoint) -> None:
    assert reference.text is not None
    figures = recorded("text")
    tokens = reference.text.tokenize(PROMPTS[name]["prompt"])
    told, pooled = reference.text.encode_from_tokens(tokens, return_pooled=True)
    for found, expected in (
        (told[..., ::8], figures[f"{name}.cond"]),
        (pooled, figures[f"{name}.pooled"]),
    ):
        assert (found - expected).abs().max() <= TOLERANCE * expected.std()


@pytest.mark.slow
@pytest.mark.parametrize("layer", [-1, -2, -3])
def test_earlier_layers_are_told_as_recorded(layer: int, reference: Checkpoint) -> None:
    assert reference.text is not None
    earlier = reference.text.clone()
    earlier.clip_layer(layer)
    expected = recorded("text")[f"plain.clip_skip{layer}.cond"]
    found = earlier.encode(PROMPTS["plain"]["prompt"])[..., ::8]
    assert (found - expected).abs().max() <= TOLERANCE * expected.std()


def test_a_weight_moves_a_token_away_from_the_empty_prompt(text: TextEncoder) -> None:
    plain, empty = text.encode("cat"), text.encode("")
    heavy = text.encode("(cat:1.5)")
    assert torch.allclose(heavy[:, 1], empty[:, 1] + 1.5 * (plain - empty)[:, 1], atol=1e-5)
    assert torch.allclose(heavy[:, 2:], plain[:, 2:], atol=1e-5)


def test_chunks_are_encoded_side_by_side_and_pooled_is_that_of_the_first(
    text: TextEncoder,
) -> None:
    first, second = "cat " * 75, "dog " * 20
    told, pooled = text.encode_from_tokens(text.tokenize(first + second), return_pooled=True)
    alone, pooled_alone = text.encode_from_tokens(text.tokenize(first), return_pooled=True)
    assert told.shape[1] == 154
    assert torch.allclose(told[:, :77], alone, atol=1e-5)
    assert torch.allclose(told[:, 77:], text.encode(second), atol=1e-5)
    assert torch.allclose(pooled, pooled_alone, atol=1e-5)


def test_a_layer_beyond_the_first_is_the_last(text: TextEncoder) -> None:
    other = text.clone()
    other.clip_layer(-24)
    assert torch.equal(other.encode("cat"), text.encode("cat"))


def test_an_earlier_layer_of_a_copy_leaves_the_original_as_it_is(text: TextEncoder) -> None:
    before = text.encode("cat")
    other = text.clone()
    other.clip_layer(-2)
    assert not torch.allclose(other.encode("cat"), before)
    assert torch.equal(text.encode("cat"), before)


def test_patches_of_a_copy_come_off_exactly(text: TextEncoder) -> None:
    before = text.encode("cat")
    other = text.clone()
    name = "clip_l.text_model.final_layer_norm.weight"
    assert other.add_patches({name: [lambda weight: weight * 2], "unknown": []}) == [name]
    assert not torch.allclose(other.encode("cat"), before)
    assert torch.equal(text.encode("cat"), before)


def test_a_conditioning_carries_the_pooled_token_and_what_is_added(text: TextEncoder) -> None:
    [[told, options]] = text.encode_from_tokens_scheduled(text.tokenize("cat"), {"width": 64})
    assert torch.equal(told, text.encode("cat"))
    assert options["width"] == 64
    assert options["pooled_output"].shape == (1, 768)


def test_words_have_numbers_when_they_are_asked_for(text: TextEncoder) -> None:
    (chunk,) = text.tokenize("a (cat:1.2)", return_word_ids=True)["l"]
    assert [word for _, _, word in chunk][:4] == [0, 1, 2, 0]
    assert torch.equal(text.encode_from_tokens({"l": [chunk]}), text.encode("a (cat:1.2)"))


def test_two_encoders_are_joined_on_their_features(tiny_file: Path, tmp_path: Path) -> None:
    small, large = (
        save_clip_l(tiny_file, tmp_path),
        save_open_clip(tmp_path / "g.safetensors", 1280),
    )
    both = load_text_encoder([large, small])
    tokens = both.tokenize("cat")
    told, pooled = both.encode_from_tokens(tokens, return_pooled=True)
    assert set(tokens) == {"l", "g"}
    assert told.shape == (1, 77, 768 + 1280)
    assert pooled.shape == (1, 1280)


def test_missing_chunks_are_filled_with_empty_ones(tiny_file: Path, tmp_path: Path) -> None:
    small, large = (
        save_clip_l(tiny_file, tmp_path),
        save_open_clip(tmp_path / "g.safetensors", 1280),
    )
    both = load_text_encoder([small, large])
    tokens = both.tokenize("cat " * 100)
    tokens["g"] = both.tokenize("cat")["g"]
    assert {key: len(chunks) for key, chunks in both.filled(tokens).items()} == {"l": 2, "g": 2}


def test_encoders_that_no_model_has_together_are_refused(tiny_file: Path, tmp_path: Path) -> None:
    small = save_clip_l(tiny_file, tmp_path)
    with pytest.raises(TextEncodersDoNotMatch, match="width 768 and 768 together"):
        load_text_encoder([small, small])


def test_a_file_without_a_text_encoder_is_refused(tmp_path: Path) -> None:
    save_file({"encoder.block.0.weight": torch.ones(1)}, tmp_path / "t5.safetensors")
    with pytest.raises(UnknownTextEncoder, match=r"t5\.safetensors holds no CLIP text encoder"):
        load_text_encoder([tmp_path / "t5.safetensors"])


def save_clip_l(tiny_file: Path, folder: Path) -> Path:
    path = folder / "l.safetensors"
    save_file(below(read_tensors(tiny_file), "cond_stage_model.transformer."), path)
    return path
