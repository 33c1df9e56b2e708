"""A pack with samplers and a guider of its own, as many have them."""

import threading
from typing import Any, ClassVar

import comfy.k_diffusion.sampling as k_diffusion  # type: ignore[import-not-found] # offered
import comfy.sample  # type: ignore[import-not-found]
import comfy.samplers  # type: ignore[import-not-found]
import latent_preview  # type: ignore[import-not-found]
import nodes  # type: ignore[import-not-found]
import torch


def plain_euler(
    model: Any,
    x: Any,
    sigmas: Any,
    extra_args: Any = None,
    callback: Any = None,
    disable: Any = None,
    fails_at: int = -1,
) -> Any:
    """Euler's method as packs write it."""
    assert threading.current_thread().name == "sampler"
    ones = x.new_ones([len(x)])
    for step in range(len(sigmas) - 1):
        if step == fails_at:
            raise ValueError(f"the pack's sampler gave up in step {step}")
        denoised = model(x, sigmas[step] * ones, **extra_args)
        slope = k_diffusion.to_d(x, sigmas[step], denoised)
        callback({"x": x, "i": step, "sigma": sigmas[step], "denoised": denoised})
        x = x + slope * (sigmas[step + 1] - sigmas[step])
    return x


def around(model: Any, x: Any, sigmas: Any, inner: Any = None, **rest: Any) -> Any:
    """Leaves the work to another sampler, and looks at the model meanwhile."""
    seen = []

    def looked_at(x: Any, sigma: Any, **extra: Any) -> Any:
        seen.append(float(sigma[0]))
        return model(x, sigma, **extra)

    looked_at.inner_model = model.inner_model  # type: ignore[attr-defined]
    assert model.inner_model.inner_model.model_sampling.sigma_max > 14
    made = inner.sampler_function(looked_at, x, sigmas, **rest, **inner.extra_options)
    assert len(seen) >= len(sigmas) - 1
    return made


k_diffusion.sample_pack_euler = plain_euler


class FunctionSampler:
    INPUT_TYPES = classmethod(
        lambda cls: {"required": {"fails_at": ("INT", {"default": -1, "min": -1})}}
    )
    RETURN_TYPES = ("SAMPLER",)
    FUNCTION = "make"

    def make(self, fails_at: int) -> Any:
        return (comfy.samplers.KSAMPLER(plain_euler, extra_options={"fails_at": fails_at}),)


class SamplerAround:
    INPUT_TYPES = classmethod(lambda cls: {"required": {"sampler": ("SAMPLER",)}})
    RETURN_TYPES = ("SAMPLER",)
    FUNCTION = "make"

    def make(self, sampler: Any) -> Any:
        return (comfy.samplers.KSAMPLER(around, extra_options={"inner": sampler}),)


class OwnSampler(comfy.samplers.Sampler):  # type: ignore[misc]
    """Scales the noise itself."""

    def sample(
        self,
        model_wrap: Any,
        sigmas: Any,
        extra_args: Any,
        callback: Any,
        noise: Any,
        latent_image: Any = None,
        denoise_mask: Any = None,
        disable_pbar: bool = False,
    ) -> Any:
        inner = comfy.samplers.ksampler("euler")
        return inner.sample(model_wrap, sigmas, extra_args, callback, noise, latent_image)


class ClassSampler:
    INPUT_TYPES: ClassVar[Any] = classmethod(lambda cls: {"required": {}})
    RETURN_TYPES = ("SAMPLER",)
    FUNCTION = "make"

    def make(self) -> Any:
        return (OwnSampler(),)


class HalfGuider(comfy.samplers.CFGGuider):  # type: ignore[misc]
    """Guides by a formula of its own: half way between the sides and back."""

    def predict_noise(
        self, x: Any, timestep: Any, model_options: Any = None, seed: Any = None
    ) -> Any:
        sides = [self.conds["positive"], self.conds["negative"]]
        towards, away = comfy.samplers.calc_cond_batch(
            self.inner_model, sides, x, timestep, model_options
        )
        return away + (towards - away) * self.cfg


class PackGuider:
    INPUT_TYPES = classmethod(
        lambda cls: {
            "required": {
                "model": ("MODEL",),
                "positive": ("CONDITIONING",),
                "negative": ("CONDITIONING",),
                "cfg": ("FLOAT", {"default": 5.0}),
            }
        }
    )
    RETURN_TYPES = ("GUIDER",)
    FUNCTION = "make"

    def make(self, model: Any, positive: Any, negative: Any, cfg: float) -> Any:
        guider = HalfGuider(model)
        guider.set_conds(positive, negative)
        guider.set_cfg(cfg)
        return (guider,)


class PackKSampler:
    """Samples by itself, in each of the ways that there are."""

    WAYS = ("common_ksampler", "node", "sample", "custom", "own")
    INPUT_TYPES = classmethod(
        lambda cls: {
            "required": {
                "model": ("MODEL",),
                "positive": ("CONDITIONING",),
                "negative": ("CONDITIONING",),
                "latent": ("LATENT",),
                "way": (list(cls.WAYS),),
            }
        }
    )
    RETURN_TYPES = ("LATENT",)
    FUNCTION = "sample"

    def sample(self, model: Any, positive: Any, negative: Any, latent: Any, way: str) -> Any:
        names = ("euler", "normal")
        if way == "common_ksampler":
            given = (model, 7, 4, 5.0, *names, positive, negative, latent)
            return nodes.common_ksampler(*given)
        if way == "node":
            given = (model, 7, 4, 5.0, *names, positive, negative, latent)
            return nodes.KSampler().sample(*given)
        image = latent["samples"]
        noise = comfy.sample.prepare_noise(image, 7)
        told: dict[str, Any] = {}
        callback = latent_preview.prepare_callback(model, 4, told)
        if way == "custom":
            sampling = model.get_model_object("model_sampling")
            sigmas = comfy.samplers.calculate_sigmas(sampling, "normal", 4)
            sampler = comfy.samplers.sampler_object("pack_euler")
            rest = (positive, negative, image)
            made = comfy.sample.sample_custom(
                model, noise, 5.0, sampler, sigmas, *rest, callback=callback, seed=7
            )
        else:
            given = (model, noise, 4, 5.0, *names, positive, negative, image)
            made = comfy.sample.sample(*given, callback=callback, seed=7)
        assert torch.allclose(model.model.latent_format.process_out(told["x0"]), made, atol=1e-3)
        return ({**latent, "samples": made},)


class PackCompare:
    """Tells the largest difference of two latents."""

    INPUT_TYPES = classmethod(lambda cls: {"required": {"a": ("LATENT",), "b": ("LATENT",)}})
    RETURN_TYPES: ClassVar[Any] = ()
    OUTPUT_NODE = True
    FUNCTION = "compare"

    def compare(self, a: Any, b: Any) -> Any:
        threads = [thread.name for thread in threading.enumerate() if thread.name == "sampler"]
        difference = float((a["samples"] - b["samples"]).abs().max())
        return {
            "ui": {"text": [f"{difference / float(b['samples'].std()):.6f}", str(len(threads))]}
        }


NODE_CLASS_MAPPINGS = {
    kind.__name__: kind
    for kind in (
        FunctionSampler,
        SamplerAround,
        ClassSampler,
        PackGuider,
        PackKSampler,
        PackCompare,
    )
}
