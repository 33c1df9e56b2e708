"""Which classes there are, and which workers have them."""

from tests.engine.schemas import catalogue_of, of_pack


def classes(*names: str) -> frozenset[str]:
    return frozenset(names)


def test_it_has_what_any_worker_has() -> None:
    catalogue = catalogue_of(gpu=of_pack("a", "A"), cpu=of_pack("b", "B"))
    assert {schema.class_type for schema in catalogue} == {"Plain", "A", "B"}


def test_a_worker_has_built_in_classes_and_those_that_it_told() -> None:
    catalogue = catalogue_of(gpu=of_pack("a", "A"), cpu=(), late=None)
    assert catalogue.workers_with(classes("Plain")) == {"gpu", "cpu", "late"}
    assert catalogue.workers_with(classes("Plain", "A")) == {"gpu"}


def test_of_two_classes_with_one_name_that_of_the_primary_worker_counts() -> None:
    catalogue = catalogue_of(gpu=of_pack("a", "Same"), cpu=of_pack("b", "Same"))
    schema = catalogue.get("Same")
    assert schema is not None
    assert schema.module == "custom_nodes.a"
    assert catalogue.workers_with(classes("Same")) == {"gpu"}


def test_the_order_of_workers_counts_and_not_that_of_their_reports() -> None:
    catalogue = catalogue_of(gpu=None, cpu=of_pack("b", "Same"))
    assert catalogue.workers_with(classes("Same")) == {"cpu"}
    catalogue.report("gpu", of_pack("a", "Same"))
    assert catalogue.workers_with(classes("Same")) == {"gpu"}


def test_what_a_worker_no_longer_has_is_forgotten() -> None:
    catalogue = catalogue_of(gpu=of_pack("a", "A", "B"))
    assert not catalogue.report("gpu", of_pack("a", "A", "B"))
    assert catalogue.report("gpu", of_pack("a", "A"))
    assert catalogue.get("B") is None
    assert catalogue.workers_with(classes("B")) == frozenset()


def test_classes_have_no_home_only_once_every_worker_has_told() -> None:
    catalogue = catalogue_of(gpu=of_pack("a", "A"), cpu=of_pack("b", "B"), late=None)
    assert not catalogue.is_homeless(classes("A", "B"))
    catalogue.report("late", ())
    assert catalogue.is_homeless(classes("A", "B"))
    assert not catalogue.is_homeless(classes("A"))
    assert not catalogue.is_homeless(classes())


def test_what_answers_requests_is_in_the_first_worker_only() -> None:
    catalogue = catalogue_of(gpu=None, cpu=None)
    rooted = frozenset({"custom_nodes.a"})
    catalogue.report("cpu", [*of_pack("a", "A"), *of_pack("b", "B")], rooted)
    assert catalogue.workers_with(classes("A")) == {"cpu"}
    catalogue.report("gpu", [*of_pack("a", "A"), *of_pack("b", "B")], rooted)
    assert catalogue.workers_with(classes("A")) == {"gpu"}
    assert catalogue.workers_with(classes("B")) == {"gpu", "cpu"}
