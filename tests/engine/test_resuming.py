"""A sampling whose worker is killed in the middle of it goes on where it was."""

import asyncio
import os
import signal
from pathlib import Path

import pytest
from safetensors.torch import load_file

from tests.engine.models.conftest import tiny_file as tiny_file
from tests.engine.story import job, node, running_engine

STEPS, HELD_AT = 40, 20


@pytest.fixture
def folder(tmp_path: Path, tiny_file: Path) -> Path:
    checkpoints = tmp_path / "models" / "checkpoints"
    checkpoints.mkdir(parents=True)
    (checkpoints / "tiny.safetensors").symlink_to(tiny_file)
    return tmp_path


def sampling(folder: Path, name: str, gate: str = "") -> dict[str, object]:
    calls, result = folder / f"{name}.calls", folder / f"{name}.safetensors"
    return {
        "1": node(
            "SampleIntoFile",
            calls=str(calls),
            result=str(result),
            gate=gate,
            sampler="euler_ancestral",
            steps=STEPS,
            hold_at=HELD_AT,
        )
    }


def calls_of(folder: Path, name: str) -> int:
    return len((folder / f"{name}.calls").read_text())


async def killed_in_the_middle(folder: Path, resume_seconds: float | None) -> None:
    """Two samplings with the same seed, of which the second one loses its worker on the way."""
    gate = folder / "gate"
    os.mkfifo(gate)
    async with running_engine(
        folder, worker_module="hub.engine.worker", resume_seconds=resume_seconds
    ) as (engine, story):
        engine.submit(job("whole", sampling(folder, "whole")))
        assert (await story.ended("whole"))[-1] == "done 1", story.errors
        engine.submit(job("killed", sampling(folder, "killed", str(gate))))
        opened = await asyncio.to_thread(gate.open, "w")
        gate.unlink()
        assert engine.workers[0].pid is not None
        os.kill(engine.workers[0].pid, signal.SIGKILL)
        assert (await story.ended("killed"))[-1] == "done 2", story.errors
        opened.close()
    whole, killed = (load_file(folder / f"{name}.safetensors") for name in ("whole", "killed"))
    assert whole["latent"].equal(killed["latent"])
    assert calls_of(folder, "whole") == STEPS
    assert list((folder / "resume").iterdir()) == []


async def test_what_was_answered_is_not_asked_again(folder: Path) -> None:
    await killed_in_the_middle(folder, 0.0)
    assert calls_of(folder, "killed") == STEPS + 1


async def test_a_quick_sampling_notes_nothing_and_is_done_again(folder: Path) -> None:
    await killed_in_the_middle(folder, 600.0)
    assert calls_of(folder, "killed") == HELD_AT + STEPS
