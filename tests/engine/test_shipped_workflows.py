"""The generative workflows in `config/`, carried out on small random weights."""

from pathlib import Path

import pytest
from PIL import Image

from hub.config.documents import Documents
from hub.config.problems import Problems
from hub.engine.messages import Done
from hub.engine.models.families import Family
from hub.workflows.workflow import Workflow
from hub.workflows.workflows import Workflows
from tests.engine.models.tiny_models import make_models
from tests.engine.reduced_workflows import PHOTO, reduced
from tests.engine.worker.bench import Bench

CONFIG = Path(__file__).parents[2] / "config"


def generative() -> list[Workflow]:
    return [
        workflow
        for workflow in Workflows.load(Documents(CONFIG), Problems())
        if any("Sampler" in node["class_type"] for node in workflow.graph.values())
    ]


@pytest.fixture(scope="session")
def models(pytestconfig: pytest.Config) -> Path:
    """Made once."""
    folder = pytestconfig.cache.mkdir("shipped-1") / "models"
    make_models(folder, [Family.SD1])
    return folder


@pytest.mark.parametrize("workflow", generative(), ids=lambda workflow: workflow.name)
async def test_a_shipped_workflow_makes_a_picture(
    workflow: Workflow, models: Path, tmp_path: Path
) -> None:
    bench = Bench(tmp_path)
    bench.folders.models.rmdir()
    bench.folders.models.symlink_to(models)
    Image.effect_noise((64, 64), 60).convert("RGB").save(bench.folders.input / PHOTO)
    story = await bench.run_async(reduced(workflow.graph, Family.SD1), "save")
    assert isinstance(story.end, Done), story.end
    assert story.carried_out.count("save") == 1
    assert len(story.shown("save")) == 1


def test_there_is_one_for_each_way_to_make_pictures() -> None:
    names = {workflow.name for workflow in generative()}
    assert names == {
        "txt2img",
        "img2img",
        "inpaint",
        "hires_fix",
        "lora",
        "controlnet",
        "pixel_scene",
    }
