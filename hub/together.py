"""What many ask for at about the same time, answered together."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Q = TypeVar("Q")
A = TypeVar("A")
_Answers = asyncio.Task[Sequence[A | Exception]]


@dataclass(slots=True)
class _Batch(Generic[Q, A]):
    questions: list[Q] = field(default_factory=list)
    answers: "_Answers[A] | None" = None
    left: int = 0


class Together(Generic[Q, A]):
    """Gathers questions, and has all that wait answered in one go.

    Nobody waits for company: a batch goes as soon as one of `at_once` ways is free. So batches grow
    with the load, up to `most` questions. `answer` gives as many answers, in the same order; an
    exception among them is raised to the one who asked.

    State: `_gathering` is the batch that has not gone yet; `_ways` are those that are free.
    """

    def __init__(
        self,
        answer: Callable[[Sequence[Q]], Awaitable[Sequence[A | Exception]]],
        *,
        at_once: int = 1,
        most: int,
    ) -> None:
        self._answer = answer
        self._ways = asyncio.Semaphore(at_once)
        self._most = most
        self._gathering: _Batch[Q, A] | None = None

    async def ask(self, question: Q) -> A:
        """The answer to one question."""
        batch = self._gathering
        if batch is None or batch.answers is None or len(batch.questions) >= self._most:
            batch = self._gathering = _Batch()
            batch.answers = asyncio.create_task(self._answer_all(batch))
        place = len(batch.questions)
        batch.questions.append(question)
        try:
            answer = (await asyncio.shield(batch.answers))[place]
        except asyncio.CancelledError:
            await self._leave(batch, batch.answers)
            raise
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def _leave(self, batch: _Batch[Q, A], answers: "_Answers[A]") -> None:
        """One who asked was cancelled; if nobody waits any more, the whole batch is."""
        batch.left += 1
        if batch.left == len(batch.questions):
            if self._gathering is batch:
                self._gathering = None
            answers.cancel()
            await asyncio.wait([answers])

    async def _answer_all(self, batch: _Batch[Q, A]) -> Sequence[A | Exception]:
        async with self._ways:
            if self._gathering is batch:
                self._gathering = None
            return await self._answer(batch.questions)
