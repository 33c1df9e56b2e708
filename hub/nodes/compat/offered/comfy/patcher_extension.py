"""Functions around the calls of a model, by kind. The hub calls those around `APPLY_MODEL` and
`DIFFUSION_MODEL`; adding others is refused with a sentence."""

from collections.abc import Callable
from typing import Any

from hub.engine.models.wrappers import Executor, add_wrapper, wrappers_of
from hub.nodes.compat.not_yet import not_yet

__getattr__ = not_yet("comfy.patcher_extension")
_TRANSFORMER = "transformer_options"


class WrappersMP:
    OUTER_SAMPLE = "outer_sample"
    PREPARE_SAMPLING = "prepare_sampling"
    SAMPLER_SAMPLE = "sampler_sample"
    PREDICT_NOISE = "predict_noise"
    CALC_COND_BATCH = "calc_cond_batch"
    APPLY_MODEL = "apply_model"
    DIFFUSION_MODEL = "diffusion_model"


class WrapperExecutor(Executor):
    """Packs also make their own, around functions of theirs."""

    @classmethod
    def new_executor(
        cls, original: Callable[..., Any], wrappers: list[Callable[..., Any]], idx: int = 0
    ) -> "WrapperExecutor":
        return cls(original, None, wrappers[idx:])

    @classmethod
    def new_class_executor(
        cls,
        original: Callable[..., Any],
        class_obj: Any,
        wrappers: list[Callable[..., Any]],
        idx: int = 0,
    ) -> "WrapperExecutor":
        return cls(original, class_obj, wrappers[idx:])


def add_wrapper_with_key(
    wrapper_type: str,
    key: str | None,
    wrapper: Callable[..., Any],
    transformer_options: dict[str, Any],
    is_model_options: bool = False,
) -> None:
    add_wrapper(_options(transformer_options, is_model_options), wrapper_type, key, wrapper)


def get_all_wrappers(
    wrapper_type: str, transformer_options: dict[str, Any], is_model_options: bool = False
) -> list[Callable[..., Any]]:
    return wrappers_of(_options(transformer_options, is_model_options), wrapper_type)


def _options(given: dict[str, Any], is_whole: bool) -> dict[str, Any]:
    options: dict[str, Any] = given.setdefault(_TRANSFORMER, {}) if is_whole else given
    return options
