"""Names of the parameters of CLIP's text transformers, in files and here.

Files of OpenCLIP have other names than SD 1's checkpoints, and hold query, key and value in one
tensor.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

import torch
from torch import Tensor

_BOTH_NAMES = (  # OpenCLIP's, and ours; # is the number of a layer
    ("positional_embedding", "text_model.embeddings.position_embedding.weight"),
    ("token_embedding.", "text_model.embeddings.token_embedding."),
    ("ln_final.", "text_model.final_layer_norm."),
    *(
        (f"transformer.resblocks.#.{open_clip}.", f"text_model.encoder.layers.#.{own}.")
        for open_clip, own in (
            ("ln_1", "layer_norm1"),
            ("ln_2", "layer_norm2"),
            ("mlp.c_fc", "mlp.fc1"),
            ("mlp.c_proj", "mlp.fc2"),
            ("attn", "self_attn"),
        )
    ),
)
_QUERY = re.compile(r"(?P<layer>.*self_attn\.)q_proj\.(?P<kind>weight|bias)")
_KEY_OR_VALUE = re.compile(r".*self_attn\.[kv]_proj\.(weight|bias)")
_JOINED = re.compile(r"(?P<attention>.*\.)in_proj_(?P<kind>weight|bias)")
_NOT_OF_THE_TEXT = re.compile(r"logit_scale|attn_mask|.*position_ids|visual\..*")


def own_names(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The tensors of one text encoder under the names used here; nothing is copied.

    Understands SD 1's names, those without `text_model.` that old files have, and OpenCLIP's.
    """
    named: dict[str, Tensor] = {}
    for key, tensor in tensors.items():
        if not _NOT_OF_THE_TEXT.fullmatch(key):
            named.update(_parts(_own_name(key), tensor))
    return named


def open_clip_names(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The way back: OpenCLIP's names, with query, key and value in one tensor."""
    named: dict[str, Tensor] = {}
    for key, tensor in tensors.items():
        if key == "text_projection.weight":
            named["text_projection"] = tensor.t()
        elif part := _QUERY.fullmatch(key):
            layer, kind = part["layer"], part["kind"]
            parts = [tensors[f"{layer}{letter}_proj.{kind}"] for letter in "qkv"]
            named[f"{_open_clip_name(layer)}in_proj_{kind}"] = torch.cat(parts)
        elif not _KEY_OR_VALUE.fullmatch(key):
            named[_open_clip_name(key)] = tensor
    return named


def _own_name(key: str) -> str:
    renamed = _renamed(key, _BOTH_NAMES)
    if renamed == key and key.startswith(("embeddings.", "encoder.", "final_layer_norm.")):
        return f"text_model.{key}"
    return renamed


def _open_clip_name(key: str) -> str:
    return _renamed(key, [(own, open_clip) for open_clip, own in _BOTH_NAMES])


def _renamed(key: str, names: Iterable[tuple[str, str]]) -> str:
    for beginning, other in names:
        pattern = re.escape(beginning).replace(r"\#", r"(\d+)")
        changed, count = re.subn(f"^{pattern}", other.replace("#", r"\1"), key)
        if count:
            return changed
    return key


def _parts(key: str, tensor: Tensor) -> Iterator[tuple[str, Tensor]]:
    if key == "text_projection":  # multiplied from the other side
        yield "text_projection.weight", tensor.t()
    elif joined := _JOINED.fullmatch(key):
        for letter, part in zip("qkv", tensor.chunk(3), strict=True):
            yield f"{joined['attention']}{letter}_proj.{joined['kind']}", part
    else:
        yield key, tensor
