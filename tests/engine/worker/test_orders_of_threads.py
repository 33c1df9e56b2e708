"""What several threads do in a worker holds in every order."""

import asyncio
from itertools import count
from pathlib import Path

import pytest

from hub.engine.messages import Cancelled, Done, FromWorker, Progress
from hub.engine.worker.context import NodeContext
from hub.engine.worker.sampling_means import SamplingMeans
from tests.engine.worker.bench import Bench, Story, node
from tests.interleaving import interrupted


def test_an_attempt_is_over_and_its_files_are_gone_before_the_hub_hears_of_it(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the hub may begin the next attempt at once, whose resume points have the same names."""
    loop = asyncio.new_event_loop()
    story, execution, _ = bench.prepare(loop, {"a": node("Show")}, "a")
    attempt = execution._attempt
    attempt.means = SamplingMeans(resume_folder=tmp_path, resume_seconds=0)
    noted = attempt.resume_at("a")
    assert noted is not None
    noted.path.touch()
    seen = []

    def tell(message: FromWorker) -> None:
        if isinstance(message, Done):
            seen.append((execution.is_over, noted.path.exists()))

    monkeypatch.setattr(story, "tell", tell)
    assert execution.advance()
    loop.close()
    assert seen == [(True, False)]


def test_threads_of_a_node_may_tell_its_progress_at_once(bench: Bench) -> None:
    def telling(place: int) -> tuple[Story, bool]:
        story, execution, _ = bench.prepare(loop, {"a": node("Show")}, "a")
        context = NodeContext(execution._attempt, "a")
        then = lambda: context.close(None)  # noqa: E731 - it tells what was not told
        return story, interrupted(lambda: context.progress(1, 2), then, place)

    loop = asyncio.new_event_loop()
    for place in count(1):
        story, was_interrupted = telling(place)
        assert {type(message) for message in story} == {Progress}
        if not was_interrupted:
            break
    loop.close()


def test_a_cancel_ends_an_attempt_once_whenever_it_comes(bench: Bench) -> None:
    loop = asyncio.new_event_loop()
    ends = set()
    for place in count(1, 7):  # its instructions are thousands
        story, execution, _ = bench.prepare(loop, {"a": node("Show")}, "a")
        was_interrupted = interrupted(execution.advance, execution.cancel, place, execution._lock)
        told = [message for message in story if isinstance(message, Done | Cancelled)]
        assert told == [story.end]
        if not was_interrupted:
            break
        ends.add(type(story.end))
    loop.close()
    assert ends == {Cancelled, Done}
