"""Tensors of other numbers of axes (k-diffusion's module of that name)."""

from hub.nodes.compat.not_yet import not_yet
from hub.nodes.compat.sampling.formulas import append_dims as append_dims

__getattr__ = not_yet("comfy.k_diffusion.utils")
