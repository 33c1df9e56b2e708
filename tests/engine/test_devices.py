"""Which GPUs a worker gets to see."""

from pathlib import Path

import pytest

from hub.engine.devices import NoSuchDevice, device_environment


def machine(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).touch()
    return folder


def test_by_default_a_worker_sees_what_the_hub_sees(tmp_path: Path) -> None:
    assert device_environment("auto", {}, machine(tmp_path)) == {}


def test_a_worker_for_the_processor_sees_no_gpu(tmp_path: Path) -> None:
    devices = machine(tmp_path, "nvidia0")
    assert device_environment("cpu", {}, devices) == {"CUDA_VISIBLE_DEVICES": ""}


def test_a_worker_for_one_gpu_sees_no_other(tmp_path: Path) -> None:
    devices = machine(tmp_path, "nvidia0", "nvidia1", "nvidiactl", "nvidia-uvm")
    assert device_environment("cuda", {}, devices) == {}
    assert device_environment("cuda:1", {}, devices) == {"CUDA_VISIBLE_DEVICES": "1"}


def test_the_gpus_are_counted_among_those_that_the_hub_may_use(tmp_path: Path) -> None:
    devices = machine(tmp_path, "nvidia0", "nvidia1")
    hub = {"CUDA_VISIBLE_DEVICES": "GPU-b, GPU-a"}
    assert device_environment("cuda:1", hub, devices) == {"CUDA_VISIBLE_DEVICES": "GPU-a"}
    with pytest.raises(NoSuchDevice, match="this machine has no GPU"):
        device_environment("cuda", {"CUDA_VISIBLE_DEVICES": "-1"}, devices)


@pytest.mark.parametrize(
    ("cards", "device", "words"),
    [
        ((), "cuda", "There is no device cuda: this machine has no GPU."),
        (("nvidia0",), "cuda:1", "this machine has one GPU, cuda:0."),
        (("nvidia0", "nvidia1"), "cuda:2", "this machine has GPUs up to cuda:1."),
    ],
)
def test_a_device_that_is_not_there_is_told(
    tmp_path: Path, cards: tuple[str, ...], device: str, words: str
) -> None:
    with pytest.raises(NoSuchDevice, match=words):
        device_environment(device, {}, machine(tmp_path, *cards))


def test_where_gpus_show_themselves_otherwise_the_worker_finds_out(tmp_path: Path) -> None:
    devices = machine(tmp_path, "kfd")
    assert device_environment("cuda", {}, devices) == {}
    assert device_environment("cuda:1", {}, devices) == {"CUDA_VISIBLE_DEVICES": "1"}
