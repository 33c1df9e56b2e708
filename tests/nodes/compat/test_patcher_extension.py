"""Functions that packs put around the calls of a model."""

from typing import Any

import pytest
import torch
from torch import Tensor

from hub.engine.models.checkpoint import Checkpoint
from hub.engine.models.diffusion_model import DiffusionModel
from hub.engine.models.wrappers import NeverCalled
from tests.engine.models.conftest import tiny as tiny
from tests.engine.models.conftest import tiny_file as tiny_file
from tests.nodes.compat.conftest import Offered


def answer(model: DiffusionModel) -> Tensor:
    generator = torch.Generator().manual_seed(1)
    x = torch.randn(1, 4, 8, 8, generator=generator)
    text = torch.randn(1, 77, model.model.diffusion_model.context_width, generator=generator)
    return model.call(x, torch.tensor([2.0]), {"c_crossattn": text}, [0])


def test_one_around_the_model_sees_what_it_is_told_and_changes_what_it_says(
    offered: Offered, tiny: Checkpoint
) -> None:
    kinds = offered("comfy.patcher_extension").WrappersMP
    seen = []

    def doubled(executor: Any, x: Tensor, t: Tensor, *told: Any, **more: Any) -> Any:
        concat, context, _, options = told
        seen.append((concat, context.shape[1], options["cond_or_uncond"], float(t)))
        assert executor.class_obj is tiny.model.model
        return executor(x, t, *told, **more) * 2

    changed = tiny.model.clone()
    changed.add_wrapper_with_key(kinds.APPLY_MODEL, "mine", doubled)
    torch.testing.assert_close(answer(changed), answer(tiny.model) * 2)
    assert seen == [(None, 77, [0], 2.0)]
    changed.remove_wrappers_with_key(kinds.APPLY_MODEL, "mine")
    assert torch.equal(answer(changed), answer(tiny.model))


def test_one_around_the_network_may_spare_it(offered: Offered, tiny: Checkpoint) -> None:
    """As those do that take the answer of the step before."""
    module = offered("comfy.patcher_extension")
    calls = []

    def cached(executor: Any, x: Tensor, timesteps: Tensor, context: Tensor, *told: Any) -> Any:
        calls.append(executor)
        return torch.zeros_like(x) if len(calls) > 1 else executor(x, timesteps, context, *told)

    changed = tiny.model.clone()
    kind = module.WrappersMP.DIFFUSION_MODEL
    module.add_wrapper_with_key(kind, "mine", cached, changed.model_options, is_model_options=True)
    assert module.get_all_wrappers(kind, changed.model_options["transformer_options"]) == [cached]
    assert torch.equal(answer(changed), answer(tiny.model))
    spared = answer(changed)
    assert not torch.equal(spared, answer(tiny.model))
    assert changed.batch_key != tiny.model.batch_key


def test_the_first_is_outermost_and_a_copy_has_them_too(tiny: Checkpoint) -> None:
    order: list[str] = []

    def noting(name: str) -> Any:
        def wrapper(executor: Any, *told: Any, **more: Any) -> Any:
            order.append(name)
            return executor(*told, **more)

        return wrapper

    first = tiny.model.clone()
    first.add_wrapper("apply_model", noting("outer"))
    second = first.clone()
    second.add_wrapper("apply_model", noting("inner"))
    answer(second)
    answer(first)
    assert order == ["outer", "inner", "outer"]


def test_kinds_that_are_never_called_are_refused(offered: Offered, tiny: Checkpoint) -> None:
    kind = offered("comfy.patcher_extension").WrappersMP.OUTER_SAMPLE
    with pytest.raises(NeverCalled, match="'outer_sample' are never called here"):
        tiny.model.clone().add_wrapper_with_key(kind, "mine", print)


def test_packs_wrap_functions_of_their_own(offered: Offered) -> None:
    made = offered("comfy.patcher_extension").WrapperExecutor.new_executor
    executor = made(lambda x: x + 1, [lambda go, x: go(x) * 10, lambda go, x: go(x) - 5])
    assert executor.execute(1) == (1 + 1 - 5) * 10
