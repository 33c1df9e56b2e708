"""Nothing of a run stays with the process or its threads."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from weakref import finalize

import pytest
import torch

from hub.engine.worker.process_state import use_torch_threads
from hub.engine.worker.session import Lane


@pytest.fixture
def torch_as_before() -> Iterator[None]:
    """torch remembers the last number for the whole process."""
    before = torch.get_num_threads()
    yield
    use_torch_threads(before)


@pytest.mark.usefixtures("torch_as_before")
def test_each_thread_keeps_its_number_of_torch_threads() -> None:
    with ThreadPoolExecutor(1) as slot, ThreadPoolExecutor(1) as execution:
        slot.submit(use_torch_threads, 1).result()
        execution.submit(use_torch_threads, 2).result()
        assert slot.submit(torch.get_num_threads).result() == 1
        assert execution.submit(torch.get_num_threads).result() == 2


class Turn:
    """What a lane carries out."""

    keeps_thread = False

    def advance(self) -> bool:
        return True


def test_a_lane_does_not_hold_on_to_what_it_carried_out() -> None:
    gone: SimpleQueue[str] = SimpleQueue()
    lane = Lane("test", 1, torch.get_num_threads(), lambda turn: None)
    turn = Turn()
    finalize(turn, gone.put, "gone")
    lane.put(turn)  # type: ignore[arg-type]  # all that a lane asks of an execution
    del turn
    assert gone.get(timeout=100) == "gone"


class Scripted(Turn):
    """An execution that parks once."""

    def __init__(self, name: str, order: SimpleQueue[str], *, keeps_thread: bool) -> None:
        self.name, self.order, self.keeps_thread = name, order, keeps_thread
        self.is_parked = False

    def advance(self) -> bool:
        self.order.put(f"{self.name} {'ends' if self.is_parked else 'parks'}")
        was_parked, self.is_parked = self.is_parked, True
        return was_parked


@pytest.mark.parametrize(
    ("keeps_thread", "expected"),
    [
        (False, ["first parks", "second parks", "first ends", "second ends"]),
        (True, ["first parks", "first ends", "second parks", "second ends"]),
    ],
)
def test_whoever_keeps_the_thread_is_over_before_another_has_a_turn(
    keeps_thread: bool, expected: list[str]
) -> None:
    order: SimpleQueue[str] = SimpleQueue()
    lane = Lane("test", 1, torch.get_num_threads(), lambda turn: None)
    first = Scripted("first", order, keeps_thread=keeps_thread)
    second = Scripted("second", order, keeps_thread=False)
    for turn in (first, second, first, second):
        lane.put(turn)  # type: ignore[arg-type]  # all that a lane asks of an execution
    assert [order.get(timeout=100) for _ in expected] == expected
