"""Which model files a worker has probably loaded."""

from hub.engine.loaded_models import MOST_REMEMBERED, LoadedModels


def test_a_run_fits_when_all_its_files_were_named_before() -> None:
    models = LoadedModels()
    models.note({"checkpoints/a", "loras/b"})
    assert models.fit({"checkpoints/a"})
    assert not models.fit({"checkpoints/a", "loras/c"})
    assert models.fit(set())


def test_the_files_that_were_named_longest_ago_are_forgotten() -> None:
    models = LoadedModels()
    models.note({"first"})
    models.note({"again"})
    for number in range(MOST_REMEMBERED - 1):
        models.note({str(number)})
        models.note({"again"})
    assert models.fit({"again", "0"})
    assert not models.fit({"first"})


def test_what_the_worker_told_counts_and_what_it_was_handed_since() -> None:
    models = LoadedModels()
    models.note({"checkpoints/a"})
    models.learn({"checkpoints/b"}, {"checkpoints/c"})
    assert models.fit({"checkpoints/b", "checkpoints/c"})
    assert not models.fit({"checkpoints/a"})
    models.note({"checkpoints/a"})
    assert models.fit({"checkpoints/a"})
