"""Options of samplers, under the flat names that workflows and node packs know."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import fields
from functools import partial
from typing import Any

from hub.engine.sampling.denoising import Sampler
from hub.engine.sampling.samplers.by_name import Method
from hub.engine.sampling.samplers.churn import Churn
from hub.engine.sampling.samplers.dpm_solver import StepControl
from hub.errors import Invalid

_GROUPS: dict[str, type[Churn] | type[StepControl]] = {"churn": Churn, "control": StepControl}
"""Options that methods take together, under the parameter that takes them."""


class UnknownSamplerOption(Invalid):
    """A sampler was given an option that it does not have."""

    def __init__(self, option: str) -> None:
        super().__init__(f"The sampler has no option {option!r}. Leave it out.")


def with_options(method: Method, options: Mapping[str, Any]) -> Method:
    """The method with these options. Raises `UnknownSamplerOption`."""
    if not options:
        return method
    parameters = inspect.signature(method).parameters
    given: dict[str, Any] = {}
    left = dict(options)
    for parameter, group in _GROUPS.items():
        if parameter in parameters:
            names = {item.name for item in fields(group)}
            taken = {name: left.pop(name) for name in names & left.keys()}
            given |= {parameter: group(**taken)} if taken else {}
    if unknown := left.keys() - parameters.keys():
        raise UnknownSamplerOption(min(unknown))
    bound: Callable[..., Sampler] = partial(method, **given, **left)
    return bound
