"""What a job needs of a worker."""

from hub.engine.kinds import Kind, Lane, kind_of
from tests.engine.schemas import catalogue_of, of_pack
from tests.engine.story import job, node


def test_a_job_needs_the_classes_that_not_every_worker_has() -> None:
    graph = {"1": node("Plain"), "2": node("A"), "3": node("Unknown")}
    kind = kind_of(job("a", graph), catalogue_of(gpu=of_pack("a", "A")))
    assert kind == Kind(Lane.EXECUTION, frozenset({"A", "Unknown"}))


def test_a_job_names_the_model_files_that_its_classes_declare_as_such() -> None:
    graph = {"1": node("Plain", model="sd.safetensors"), "2": node("Plain", model=["1", 0])}
    kind = kind_of(job("a", graph), catalogue_of())
    assert kind.models == {"checkpoints/sd.safetensors"}


def test_a_suspect_is_to_be_alone() -> None:
    assert kind_of(job("a", {"1": node("Plain")}, suspect=True), catalogue_of()).lane is Lane.ALONE
