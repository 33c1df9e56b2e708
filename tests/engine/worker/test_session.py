"""Threads of a worker do not disturb each other."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch

from hub.engine.worker.session import use_torch_threads


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
