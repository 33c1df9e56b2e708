"""What is said of the machine."""

import torch

from hub.engine.models.devices import CPU, free_memory, main_device, release_unused, total_memory


def test_the_memory_of_this_machine_is_told_in_bytes() -> None:
    assert 2**20 < free_memory(CPU) <= total_memory(CPU)
    assert main_device().type == ("cuda" if torch.cuda.is_available() else "cpu")
    release_unused()
