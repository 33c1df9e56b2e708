"""Models as values that links carry, through the executor."""

from pathlib import Path
from typing import Any

from PIL import Image

from hub.engine.messages import Done
from hub.engine.models.checkpoint import Checkpoint
from hub.engine.worker.sizes import held_by
from tests.engine.models.conftest import tiny, tiny_file
from tests.engine.worker.bench import Bench, node

__all__ = ["tiny", "tiny_file"]


def there_and_back(name: str) -> dict[str, Any]:
    """A grey picture to latents, and back to a picture that is saved."""
    return {
        "grey": node("EmptyImage", width=24, height=16, batch_size=1, color=0x808080),
        "model": node("CheckpointLoaderSimple", ckpt_name=name),
        "latent": node("VAEEncode", pixels=["grey", 0], vae=["model", 2]),
        "picture": node("VAEDecode", samples=["latent", 0], vae=["model", 2]),
        "saved": node("SaveImage", images=["picture", 0], filename_prefix="x"),
    }


def place(bench: Bench, file: Path) -> str:
    folder = bench.folders.models / "checkpoints"
    folder.symlink_to(file.parent)
    return file.name


def test_a_picture_goes_through_a_model_and_back(bench: Bench, tiny_file: Path) -> None:
    story = bench.run(there_and_back(place(bench, tiny_file)), "saved")
    assert isinstance(story.end, Done)
    (file,) = story.done["saved"].files
    with Image.open(bench.folders.staging / file.staged) as picture:
        assert picture.size == (24, 16)


def test_a_model_weighs_next_to_nothing_in_the_cache(tiny: Checkpoint) -> None:
    assert tiny.text is not None
    tiny.text.encode("a cat")
    assert held_by(tiny.model, tiny.text, tiny.pictures).total < 100_000


def test_a_loaded_model_stays_in_the_cache(bench: Bench, tiny_file: Path) -> None:
    graph = there_and_back(place(bench, tiny_file))
    bench.run(graph, "saved")
    graph["grey"]["inputs"]["color"] = 0
    assert bench.run(graph, "saved").carried_out == ["grey", "latent", "picture", "saved"]


def test_a_file_that_is_no_model_is_told_in_a_sentence(bench: Bench) -> None:
    folder = bench.folders.models / "checkpoints"
    folder.mkdir(parents=True)
    (folder / "x.safetensors").write_bytes(b"x" * 100)
    error = bench.run(there_and_back("x.safetensors"), "saved").error
    assert "x.safetensors cannot be read as a file of weights" in error.message
    assert error.node == "model"
