"""Other people's workflows, carried out to their outputs on small random weights."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from hub.engine.compatibility import Judged, judged_workflows
from hub.engine.messages import Done, Preview
from hub.engine.models.families import Family
from tests.engine.models.tiny_models import make_models
from tests.engine.own_workflows import OWN_WORKFLOWS
from tests.engine.reduced_workflows import PHOTO, SCHEMAS, reduced
from tests.engine.worker.bench import Bench, Story

FOLDER = os.environ.get("HUB_COMPAT_WORKFLOWS")


def runnable() -> Iterator[Judged]:
    """Those that ComfyUI accepts, of classes and families that we have."""
    if FOLDER is not None:
        yield from (item for item in judged_workflows(Path(FOLDER)) if item.can_be_run(SCHEMAS))


@pytest.fixture(scope="session")
def models(pytestconfig: pytest.Config) -> Path:
    """A folder of models, made once."""
    folder = pytestconfig.cache.mkdir("models-3") / "models"
    make_models(folder)
    return folder


@pytest.fixture
def bench(models: Path, tmp_path: Path) -> Bench:
    bench = Bench(tmp_path)
    bench.folders.models.rmdir()
    bench.folders.models.symlink_to(models)
    Image.effect_noise((64, 64), 60).convert("RGBA").save(bench.folders.input / PHOTO)
    return bench


@pytest.mark.slow
@pytest.mark.skipif(not FOLDER, reason="HUB_COMPAT_WORKFLOWS names no folder of workflows")
@pytest.mark.parametrize("workflow", [pytest.param(w, id=w.name) for w in runnable()])
async def test_a_public_workflow_is_carried_out(workflow: Judged, bench: Bench) -> None:
    family = Family.SDXL if workflow.family == "sdxl" else Family.SD1
    graph = reduced(workflow.graph, family)
    targets = workflow.checked(SCHEMAS.values()).outputs
    assert targets
    await carried_out(bench, graph, targets)


@pytest.mark.slow
@pytest.mark.parametrize("kind", OWN_WORKFLOWS, ids=str)
async def test_a_workflow_of_a_kind_that_no_public_one_has_is_carried_out(
    kind: str, bench: Bench
) -> None:
    """Its picture is one: it differs from place to place."""
    graph = OWN_WORKFLOWS[kind]
    story = await carried_out(bench, graph, ["save"])
    (file,) = story.done["save"].files
    with Image.open(bench.folders.staging / file.staged) as picture:
        assert len(picture.convert("L").getcolors() or ()) > 1


async def carried_out(bench: Bench, graph: dict[str, Any], targets: Sequence[str]) -> Story:
    """What is told of a run, which makes all of these outputs."""
    story = await bench.run_async(graph, *targets)
    assert isinstance(story.end, Done), story.end
    assert {node for node in targets if story.done[node].ui or sent(story, node)} == set(targets)
    return story


def sent(story: Story, node: str) -> bool:
    """Whether a node sent pictures to who watches, instead of showing files."""
    return any(isinstance(said, Preview) and said.node == node for said in story)
