"""Small random vision encoders, and what torch's own layers make of a picture with them."""

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional

PATCH, SIZE, LAYERS = 14, 28, 2
NORMS = ("layer_norm1", "layer_norm2")


def vision_tensors(width: int) -> dict[str, Tensor]:
    generator = torch.Generator().manual_seed(width)

    def random(*shape: int) -> Tensor:
        return torch.randn(*shape, generator=generator) * 0.1

    model = "vision_model"
    tensors = {
        f"{model}.embeddings.class_embedding": random(width),
        f"{model}.embeddings.patch_embedding.weight": random(width, 3, PATCH, PATCH),
        f"{model}.embeddings.position_embedding.weight": random(1 + (SIZE // PATCH) ** 2, width),
        f"{model}.embeddings.position_ids": torch.arange(5)[None],
        "visual_projection.weight": random(8, width),
        "logit_scale": torch.tensor(1.0),
    }
    layers = [f"{model}.encoder.layers.{number}" for number in range(LAYERS)]
    norms = [f"{layer}.{norm}" for layer in layers for norm in NORMS]
    for norm in (f"{model}.pre_layrnorm", f"{model}.post_layernorm", *norms):
        tensors |= {f"{norm}.weight": 1 + random(width), f"{norm}.bias": random(width)}
    sizes = {f"self_attn.{part}_proj": (width, width) for part in ("q", "k", "v", "out")}
    for layer in layers:
        for name, shape in (sizes | {"mlp.fc1": (32, width), "mlp.fc2": (width, 32)}).items():
            tensors[f"{layer}.{name}.weight"] = random(*shape)
            tensors[f"{layer}.{name}.bias"] = random(shape[0])
    return tensors


def reference(
    tensors: dict[str, Tensor], pixels: Tensor, heads: int, activation: Callable[[Tensor], Tensor]
) -> list[Tensor]:
    """The states before the first layer, after each, and the projection."""
    own = {name.removeprefix("vision_model."): tensor for name, tensor in tensors.items()}
    width = len(own["embeddings.class_embedding"])

    def normed(x: Tensor, name: str) -> Tensor:
        return functional.layer_norm(x, (width,), own[f"{name}.weight"], own[f"{name}.bias"])

    patches = functional.unfold(pixels, PATCH, stride=PATCH).transpose(1, 2)
    tokens = patches @ own["embeddings.patch_embedding.weight"].flatten(1).T
    whole = own["embeddings.class_embedding"].expand(len(pixels), 1, width)
    x = torch.cat([whole, tokens], dim=1) + own["embeddings.position_embedding.weight"]
    states = [normed(x, "pre_layrnorm")]
    for number in range(LAYERS):
        layer = nn.TransformerEncoderLayer(
            *(width, heads, 32, 0.0, activation), batch_first=True, norm_first=True
        )
        layer.load_state_dict(_as_torch_has_it(own, f"encoder.layers.{number}"))
        states.append(layer.eval()(states[-1]))
    projection = own["visual_projection.weight"]
    return [*states, normed(states[-1][:, 0], "post_layernorm") @ projection.T]


def _as_torch_has_it(own: dict[str, Tensor], layer: str) -> dict[str, Tensor]:
    found: dict[str, Tensor] = {}
    for kind in ("weight", "bias"):
        parts = [own[f"{layer}.self_attn.{part}_proj.{kind}"] for part in "qkv"]
        found |= {
            f"self_attn.in_proj_{kind}": torch.cat(parts),
            f"self_attn.out_proj.{kind}": own[f"{layer}.self_attn.out_proj.{kind}"],
            f"linear1.{kind}": own[f"{layer}.mlp.fc1.{kind}"],
            f"linear2.{kind}": own[f"{layer}.mlp.fc2.{kind}"],
            f"norm1.{kind}": own[f"{layer}.layer_norm1.{kind}"],
            f"norm2.{kind}": own[f"{layer}.layer_norm2.{kind}"],
        }
    return found
