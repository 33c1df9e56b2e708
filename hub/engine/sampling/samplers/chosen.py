"""What a SAMPLER link carries: a method with options."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from torch import Tensor

from hub.engine.sampling.denoising import Sampler
from hub.engine.sampling.diffusion import Diffusion
from hub.engine.sampling.samplers.by_name import SAMPLERS, Method
from hub.engine.sampling.samplers.options import with_options
from hub.engine.sampling.samplers.plain import plain_function, sampled_with


@dataclass(frozen=True, slots=True)
class ChosenSampler:
    """A `Method`. `options` are flat, under the names that workflows and node packs know."""

    method: Method
    options: Mapping[str, Any] = field(default_factory=dict)

    def __call__(self, x: Tensor, sigmas: Tensor, diffusion: Diffusion, /) -> Sampler:
        return with_options(self.method, self.options)(x, sigmas, diffusion)

    @property
    def sampler_function(self) -> Callable[..., Tensor]:
        """The method as node packs call it, with a model."""
        return plain_function(self.method)

    @property
    def extra_options(self) -> dict[str, Any]:
        return dict(self.options)

    @property
    def inpaint_options(self) -> dict[str, Any]:
        return {"random": True} if self.has_other_noise_outside else {}

    def sample(
        self,
        model_wrap: Any,
        sigmas: Tensor,
        extra_args: Mapping[str, Any],
        callback: Callable[[int, Tensor, Tensor, int], Any] | None,
        noise: Tensor,
        latent_image: Tensor,
        denoise_mask: Tensor | None = None,
        disable_pbar: bool = False,
    ) -> Tensor:
        """For samplers of node packs that leave the work to another one."""
        function, options = self.sampler_function, self.options
        given = (model_wrap, sigmas, extra_args, callback, noise, latent_image)
        return sampled_with(function, options, *given)

    @property
    def has_other_noise_outside(self) -> bool:
        """Whether the noise around a mask is another than the one that it starts from."""
        return self.method is SAMPLERS["ddim"]


def chosen(name: str, **options: Any) -> ChosenSampler:
    """The sampler of that name; of a name nobody knows euler, as ComfyUI has it."""
    return ChosenSampler(SAMPLERS.get(name, SAMPLERS["euler"]), options)
