"""A sampling task: one latent on its way from noise to picture, one model answer at a time.

State: `wanted` is what its sampler asks for now, None once it is over; `result` comes out as a
future, which whoever waits for it may cancel; `_memory` is what its guidance keeps from one answer
to the next. Only the sampling loop moves a task on.
"""

import itertools
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from dataclasses import dataclass, replace

from torch import Tensor

from hub.engine.models.answer_log import AnswerLog
from hub.engine.models.batch_room import latents_that_fit
from hub.engine.models.diffusion_model import DiffusionModel
from hub.engine.models.evaluation import Memory, Request
from hub.engine.models.guiders import Guidance
from hub.engine.sampling.denoising import Answer, Denoise, Sampler
from hub.engine.sampling.driving import advance
from hub.engine.sampling.observing import step_at

Told = Callable[[int, int, Tensor], None]
"""Called after each step: steps done, steps altogether, and the clean latent as it looks now."""

_orders = itertools.count()


@dataclass(eq=False)
class SamplingTask:
    """`sigmas` is the schedule of `sampler`, which is fresh. `priority` as runs have it. One that
    `is_alone` shares no call with others. What the model answers is `noted`, and what was noted
    before is not asked for again."""

    model: DiffusionModel
    guidance: Guidance
    sampler: Sampler
    sigmas: Tensor
    told: Told
    priority: int = 0
    is_alone: bool = False
    noted: AnswerLog | None = None

    def __post_init__(self) -> None:
        self.order = next(_orders)
        self.result: Future[Tensor] = Future()
        self.wanted: Denoise | None = None
        self.asked_model = self.model  # with the options that the sampler wants
        self._asked: Request | None = None
        self._memory: Memory = {}
        self._steps = 0

    @property
    def is_fresh(self) -> bool:
        """Whether its sampler was not begun yet."""
        return self.wanted is None and not self.is_over

    @property
    def is_over(self) -> bool:
        """Also when nobody waits for it any longer."""
        return self.result.done()

    @property
    def rows(self) -> int:
        """How many latents it asks for at a time."""
        assert self.wanted is not None, "a task that is over asks for nothing"
        return len(self.wanted.x)

    @property
    def latents_that_fit(self) -> int:
        """How many latents like its own there is memory for in one call."""
        assert self.wanted is not None, "a task that is over asks for nothing"
        return latents_that_fit(self.asked_model, self.wanted.x)

    @property
    def key(self) -> tuple[object, ...]:
        """Equal where tasks may be answered in one call."""
        assert self.wanted is not None, "a task that is over asks for nothing"
        x, own = self.wanted.x, self.order if self.is_alone else None
        return (self.asked_model.batch_key, x.shape[1:], x.dtype, x.device, own)

    def begin(self) -> None:
        """Have the sampler make its first request, or its first that was never answered."""
        state = advance(self.sampler)
        while isinstance(state, Denoise) and (answer := self._recalled(state)):
            self._count(state.sigma)
            state = advance(self.sampler, answer)
        self._note(state)

    def ask(self) -> Request:
        """What the model is to be asked."""
        wanted = self.wanted
        assert wanted is not None, "a task that is over asks for nothing"
        asked = self.guidance.request(
            self.asked_model, wanted.x, wanted.sigma, both=wanted.unguided
        )
        self._asked = replace(asked, memory=self._memory)
        return self._asked

    def answer(self, sides: list[Tensor]) -> None:
        """Take what the model said, and go on to the next request, or to the result."""
        assert self._asked is not None, "it asked before it is answered"
        assert self.wanted is not None, "a task that is over asks for nothing"
        answer = self.guidance.answer(self.asked_model, self._asked, sides)
        self._count(self.wanted.sigma)
        self.told(self._steps, len(self.sigmas) - 1, answer.denoised)
        if self.noted:
            self.noted.add(self.wanted, answer, self._memory)
        self._note(advance(self.sampler, answer))

    def fail(self, error: BaseException | None) -> None:
        """End it with an error, or without one where its run was cancelled."""
        self.wanted = None
        if error is None:
            self.result.cancel()
        else:
            with suppress(InvalidStateError):
                self.result.set_exception(error)

    def close(self) -> None:
        """It is over: the sampler, which may hold a thread, lets go. What was noted stays."""
        self.sampler.close()
        if self.noted:
            self.noted.close()

    def _recalled(self, request: Denoise) -> Answer | None:
        return self.noted.recalled(request, self._memory) if self.noted else None

    def _note(self, state: Denoise | Tensor) -> None:
        self._asked = None
        if isinstance(state, Denoise):
            self.wanted = state
            if state.options is not None:
                self.asked_model = self.model.with_options(state.options)
            else:
                self.asked_model = self.model
        else:
            self.wanted = None
            with suppress(InvalidStateError):  # nobody waits for it any longer
                self.result.set_result(state)

    def _count(self, sigma: Tensor) -> None:
        """A sampler that asks several times within a step is at that step each time."""
        total = len(self.sigmas) - 1
        self._steps = max(self._steps, min(step_at(self.sigmas, sigma) + 1, total))
