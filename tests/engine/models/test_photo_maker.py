"""PhotoMaker, against its paper's formulas in plain torch."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor
from torch.nn import functional

from hub.engine.models.class_word import (
    NoClassWord,
    PlacesDiffer,
    SeveralTriggers,
    classed_tokens,
)
from hub.engine.models.clip_names import own_names
from hub.engine.models.clip_text import ClipText
from hub.engine.models.embeddings import Embeddings
from hub.engine.models.photo_maker import OtherTextEncoders, PhotoMaker
from hub.engine.models.photo_maker_file import (
    NeedsAFaceRecogniser,
    NotAPhotoMaker,
    load_photo_maker,
)
from hub.engine.models.text_encoder import TextEncoder
from hub.engine.models.text_encoding import SD1_TEXT, SDXL_G_TEXT, SDXL_L_TEXT, TextTower
from hub.engine.models.tokens import token_ids
from hub.engine.models.vision_encoder import looked_at
from hub.engine.models.weight_files import HoldsCode
from hub.engine.models.weights import WeightsDoNotFit, mapped
from tests.engine.models.open_clip import open_clip
from tests.engine.models.seeded_photo_maker import photo_maker_tensors
from tests.engine.models.seeded_vision import SIZE, reference

VISION, TEXTS = 32, (64, 128)
NETWORK = photo_maker_tensors(VISION, TEXTS)
MAN, OF, WOMAN, SHIP = (token_ids(word)[0] for word in ("man", "of", "woman", "ship"))


@pytest.fixture(scope="module")
def towers() -> list[TextTower]:
    """The encoders of XL, narrow ones."""
    styles = zip((SDXL_L_TEXT, SDXL_G_TEXT), TEXTS, strict=True)
    return [
        TextTower(style, mapped("text encoder", ClipText, own_names(open_clip(width))))
        for style, width in styles
    ]


@pytest.fixture
def encoder(towers: list[TextTower], tmp_path: Path) -> TextEncoder:
    return TextEncoder(towers, Embeddings([tmp_path]))


@pytest.fixture
def photo_maker(tmp_path: Path) -> PhotoMaker:
    return load_photo_maker(saved(tmp_path, NETWORK))


def saved(folder: Path, tensors: dict[str, Tensor]) -> Path:
    save_file(tensors, folder / "maker.safetensors")
    return folder / "maker.safetensors"


def pictures(count: int) -> Tensor:
    return torch.rand(count, SIZE, SIZE, 3, generator=torch.Generator().manual_seed(7))


def people(image: Tensor) -> Tensor:
    """Who is on pictures, from the pooled token in the width of the vision encoder."""
    whole = NETWORK | {"visual_projection.weight": torch.eye(VISION)}
    with torch.no_grad():
        pooled = reference(whole, looked_at(image, SIZE), 16, functional.gelu)[-1]
    names = ("visual_projection.weight", "visual_projection_2.weight")
    return torch.cat([pooled @ NETWORK[name].T for name in names], dim=-1)


def fused(words: Tensor, ids: Tensor) -> Tensor:
    def normed(x: Tensor, name: str) -> Tensor:
        mean, variance = x.mean(-1, keepdim=True), x.var(-1, keepdim=True, correction=0)
        weight, bias = (NETWORK[f"fuse_module.{name}.{kind}"] for kind in ("weight", "bias"))
        return (x - mean) / (variance + 1e-5).sqrt() * weight + bias

    def linear(x: Tensor, name: str) -> Tensor:
        return x @ NETWORK[f"fuse_module.{name}.weight"].T + NETWORK[f"fuse_module.{name}.bias"]

    def mlp(x: Tensor, name: str) -> Tensor:
        x = linear(normed(x, f"{name}.layernorm"), f"{name}.fc1")
        return linear(x * (1 + torch.erf(x / math.sqrt(2))) / 2, f"{name}.fc2")

    x = words + mlp(torch.cat([words, ids], dim=-1), "mlp1")
    return normed(x + mlp(x, "mlp2"), "layer_norm")


def ids_of(chunks: list[Any]) -> list[list[Any]]:
    """The tokens of each chunk between its start and its end."""
    return [[token for token, _, word in chunk if word] for chunk in chunks]


@pytest.mark.parametrize("count", [1, 3])
def test_each_picture_goes_into_one_copy_of_the_class_word(
    count: int, encoder: TextEncoder, photo_maker: PhotoMaker
) -> None:
    image = pictures(count)
    ((told, options),) = photo_maker.encode("a (man photomaker:1.3) at sea", image, encoder)
    copies = " ".join(["man"] * count)
    ((plain, told_of_plain),) = encoder.encode_from_tokens_scheduled(
        encoder.tokenize(f"a ({copies}:1.3) at sea")
    )
    places = range(2, 2 + count)
    expected = plain.clone()
    expected[0, places] = fused(plain[0, places], people(image))
    torch.testing.assert_close(told, expected, atol=1e-4, rtol=0)
    assert not torch.allclose(expected, plain, atol=0.1)
    assert torch.equal(options["pooled_output"], told_of_plain["pooled_output"])


def test_a_text_without_the_trigger_says_nothing_of_the_pictures(
    encoder: TextEncoder, photo_maker: PhotoMaker
) -> None:
    text = "a man with photomakers and embedding:photomaker"
    ((told, _),) = photo_maker.encode(text, pictures(1), encoder)
    assert torch.equal(told, encoder.encode(text))


@pytest.mark.parametrize(
    ("text", "expected", "place"),
    [
        ("photograph of PhotoMaker", [*token_ids("photograph"), OF, OF], 2),
        ("(a man) (photomaker, ship:1.4)", [*token_ids("a"), MAN, MAN, *token_ids(", ship")], 2),
        ("woman photomaker", [WOMAN, WOMAN], 1),
    ],
)
def test_the_token_before_the_trigger_is_repeated_and_the_trigger_left_out(
    text: str, expected: list[int], place: int, encoder: TextEncoder
) -> None:
    classed = classed_tokens(text, encoder, 2)
    assert classed is not None
    assert [ids_of(chunks) for chunks in classed.tokens.values()] == [[expected]] * 2
    assert classed.places == [place, place + 1]


def test_the_copies_of_a_long_prompt_stay_in_one_chunk(encoder: TextEncoder) -> None:
    classed = classed_tokens("ship " * 73 + "man photomaker at sea", encoder, 4)
    assert classed is not None
    first, second = ids_of(classed.tokens["g"])
    assert first == [SHIP] * 73
    assert second == [MAN] * 4 + token_ids("at sea")
    assert classed.places == [78, 79, 80, 81]


def test_more_pictures_than_a_chunk_has_room_for_go_on_in_the_next(
    encoder: TextEncoder, photo_maker: PhotoMaker
) -> None:
    classed = classed_tokens("a man photomaker", encoder, 80)
    assert classed is not None
    assert classed.places == [*range(2, 76), *range(78, 84)]
    assert photo_maker.encode("man photomaker", pictures(80), encoder)[0][0].shape[1] == 154


def test_the_last_row_of_an_embedding_may_stand_for_the_class(
    encoder: TextEncoder, tmp_path: Path
) -> None:
    rows = {"clip_l": torch.ones(2, TEXTS[0]), "clip_g": torch.ones(2, TEXTS[1])}
    save_file({name: row.cumsum(0) for name, row in rows.items()}, tmp_path / "me.safetensors")
    classed = classed_tokens("embedding:me photomaker", encoder, 2)
    assert classed is not None
    (found,) = ids_of(classed.tokens["l"])
    assert [float(row[0]) for row in found] == [1, 2, 2]


@pytest.mark.parametrize(
    ("text", "error", "told"),
    [
        (" photomaker at sea", NoClassWord, "no word before 'photomaker'"),
        ("man photomaker, girl photomaker", SeveralTriggers, "'photomaker' 2 times"),
        ("embedding:one man photomaker", PlacesDiffer, "not at the same place"),
    ],
)
def test_a_text_with_no_clear_place_is_refused(
    text: str, error: type[Exception], told: str, encoder: TextEncoder, tmp_path: Path
) -> None:
    save_file({"clip_l": torch.ones(1, TEXTS[0])}, tmp_path / "one.safetensors")
    with pytest.raises(error, match=told):
        classed_tokens(text, encoder, 1)


def test_the_text_encoder_of_another_family_is_refused(
    towers: list[TextTower], photo_maker: PhotoMaker
) -> None:
    other = TextEncoder([TextTower(SD1_TEXT, towers[0].weights)])
    with pytest.raises(OtherTextEncoders, match=r"of the width 192.*have 64.*Stable Diffusion XL"):
        photo_maker.encode("a man", pictures(1), other)


def _as_pickle(tensors: dict[str, Tensor], path: Path) -> None:
    torch.save({"id_encoder": tensors, "lora_weights": {"a.lora.up.weight": torch.ones(1)}}, path)


def _with_prefixes(tensors: dict[str, Tensor], path: Path) -> None:
    named = {f"id_encoder.{name}": tensor for name, tensor in tensors.items()}
    save_file(named | {"lora_weights.a.lora.up.weight": torch.ones(1)}, path)


@pytest.mark.parametrize(
    ("write", "name"),
    [(_as_pickle, "v1.bin"), (_with_prefixes, "v1.safetensors"), (torch.save, "v1.pt")],
)
def test_each_layout_of_a_file_is_read(
    write: Callable[[dict[str, Tensor], Path], None], name: str, tmp_path: Path
) -> None:
    write(NETWORK, tmp_path / name)
    assert load_photo_maker(tmp_path / name).width == sum(TEXTS)


@pytest.mark.parametrize(
    ("held", "error", "told"),
    [
        ({"lora_unet_a.lora_up.weight": torch.ones(1)}, NotAPhotoMaker, "a LoRA"),
        ({"image_proj.norm.weight": torch.ones(1)}, NotAPhotoMaker, "an IP-Adapter"),
        ({"vision_model.a": torch.ones(1)}, NotAPhotoMaker, "a CLIP vision encoder"),
        ({"a": torch.ones(1)}, NotAPhotoMaker, "holds no PhotoMaker"),
        (
            NETWORK | {"qformer_perceiver.token_norm.weight": torch.ones(1)},
            NeedsAFaceRecogniser,
            "InsightFace.*photomaker-v1.bin",
        ),
        (
            {name: tensor for name, tensor in NETWORK.items() if "projection_2" not in name},
            WeightsDoNotFit,
            "lacks visual_projection_2.weight",
        ),
    ],
)
def test_another_file_is_refused_by_what_it_holds(
    held: dict[str, Tensor], error: type[Exception], told: str, tmp_path: Path
) -> None:
    with pytest.raises(error, match=told):
        load_photo_maker(saved(tmp_path, held))


def test_a_pickle_with_code_is_not_carried_out(tmp_path: Path) -> None:
    torch.save({"id_encoder": NETWORK, "lora_weights": pytest.param}, tmp_path / "v1.bin")
    with pytest.raises(HoldsCode, match="holds code besides weights"):
        load_photo_maker(tmp_path / "v1.bin")
