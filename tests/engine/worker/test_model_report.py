"""What a worker tells of its models, and when."""

from functools import partial
from pathlib import Path

import torch

from hub.engine.messages import ModelsLoaded
from hub.engine.models.compute import Compute
from hub.engine.models.layers import Linear
from hub.engine.models.model_memory import ModelMemory
from hub.engine.models.weights import mapped
from hub.engine.worker.model_report import ModelReport

CHECKPOINT, LORA = Path("models/a.safetensors"), Path("models/b.safetensors")
FULL = Compute(device=torch.device("cpu"), dtype=torch.float32, storage=torch.float32)


def test_files_are_told_as_loaded_while_their_weights_are_ready() -> None:
    told: list[ModelsLoaded] = []
    memory = ModelMemory()
    report = ModelReport(memory, told.append)
    report.tell_news()
    assert told.pop().devices[0].total > 0
    report.opened("checkpoints", "a.safetensors", CHECKPOINT)
    report.opened("loras", "b.safetensors", LORA)
    weights = mapped(
        "layer",
        partial(Linear.of, bias=False),
        {"weight": torch.ones(5, 5).half()},
        CHECKPOINT,
        memory,
    )
    weights.place(FULL)
    report.tell_news()
    report.tell_news()
    (loaded,) = told
    assert loaded.files == ("checkpoints/a.safetensors", "loras/b.safetensors")
    assert [(one.name, one.part, one.bytes) for one in loaded.models] == [
        ("checkpoints/a.safetensors", "layer", 100)
    ]
    memory.release_idle()
    report.tell_news()
    assert told[-1].files == ("loras/b.safetensors",)
