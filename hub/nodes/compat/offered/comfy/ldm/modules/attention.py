"""Attention as packs call it from their own blocks."""

from typing import Any, TypeVar

from torch import Tensor
from torch.nn.functional import scaled_dot_product_attention

from hub.nodes.compat.not_yet import not_yet

__getattr__ = not_yet("comfy.ldm.modules.attention")
Value = TypeVar("Value")


def optimized_attention(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    heads: int,
    mask: Tensor | None = None,
    attn_precision: Any = None,
    skip_reshape: bool = False,
    skip_output_reshape: bool = False,
    **more: Any,
) -> Tensor:
    """Of [batch, tokens, width], or with `skip_reshape` of [batch, heads, tokens, width by head].

    The answer is [batch, tokens, width], or with `skip_output_reshape` as the heads gave it. A
    mask is True, or adds, per [queries, keys], with axes for batch and heads before as it likes.
    """
    parts = (q, k, v) if skip_reshape else (_by_head(one, heads) for one in (q, k, v))
    q, k, v = parts
    if mask is not None:
        while mask.ndim < q.ndim:
            mask = mask.unsqueeze(0) if mask.ndim == 2 else mask.unsqueeze(1)
    mixed = scaled_dot_product_attention(q, k, v, attn_mask=mask)
    return mixed if skip_output_reshape else mixed.transpose(1, 2).flatten(2)


def optimized_attention_for_device(
    device: Any, mask: bool = False, small_input: bool = False
) -> Any:
    return optimized_attention


attention_basic = attention_pytorch = attention_sub_quad = attention_split = optimized_attention
optimized_attention_masked = optimized_attention


def exists(val: object) -> bool:
    return val is not None


def default(val: Value | None, d: Any) -> Any:
    """`val`, or else `d`, which may be a function that makes it."""
    if val is not None:
        return val
    return d() if callable(d) else d


def _by_head(x: Tensor, heads: int) -> Tensor:
    return x.view(*x.shape[:2], heads, -1).transpose(1, 2)
