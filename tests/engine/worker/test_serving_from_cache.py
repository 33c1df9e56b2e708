"""What is served from the cache, and what is carried out again."""

import os
from pathlib import Path
from typing import Any

from hub.engine.worker.policies import Nothing
from tests.engine.text_nodes import CALLS
from tests.engine.worker.bench import Bench, node


def write(text: str = "a", name: str = "a", **constants: Any) -> dict[str, Any]:
    """Text → Write, under ids that begin with `name`."""
    return {
        f"{name}1": node("Text", text=text),
        f"{name}2": node("Write", text=[f"{name}1", 0], **constants),
    }


def test_the_same_structure_under_other_ids_is_served(bench: Bench) -> None:
    bench.run(write(), "a2")
    story = bench.run(write(name="b"), "b2")
    assert story.cached == {"b1", "b2"}
    assert story.carried_out == []


def test_files_served_from_the_cache_name_who_wrote_them(bench: Bench) -> None:
    written = bench.run(write(), "a2").done["a2"]
    served = bench.run(write(name="b"), "b2").done["b2"]
    assert served.cached
    assert served.files == written.files
    assert (served.files[0].run, served.files[0].node) == ("run1", "a2")
    assert served.ui == written.ui


def test_only_what_depends_on_a_change_is_carried_out(bench: Bench) -> None:
    bench.run(write(), "a2")
    story = bench.run(write(prefix="other"), "a2")
    assert story.cached == {"a1"}
    assert story.carried_out == ["a2"]


def test_a_deterministic_run_shares_only_what_needs_no_other_node(bench: Bench) -> None:
    alone = {"extra": {"deterministic": True}}
    bench.run(write(), "a2")
    assert bench.run(write(), "a2", **alone).cached == {"a1"}
    assert bench.run(write(), "a2", **alone).cached == {"a1", "a2"}
    assert bench.run(write("b"), "a2", **alone).cached == set()
    assert bench.run(write("b"), "a2").cached == {"a1"}


def test_a_changed_constant_changes_all_that_depends_on_it(bench: Bench) -> None:
    bench.run(write("a"), "a2")
    assert bench.run(write("b"), "a2").cached == set()


def test_fresh_nodes_are_carried_out_with_what_the_cache_has(bench: Bench) -> None:
    bench.run(write(), "a2")
    story = bench.run(write(), "a2", fresh=("a2",))
    assert story.carried_out == ["a2"]
    assert CALLS["a"] == 1


def test_two_equal_output_nodes_write_a_file_each(bench: Bench) -> None:
    graph = write() | write(name="b")
    story = bench.run(graph, "a2", "b2")
    assert sorted(story.carried_out) == ["a1", "a2", "b2"]
    assert story.done["a2"].files != story.done["b2"].files


def test_a_new_content_of_a_file_is_noticed(bench: Bench, tmp_path: Path) -> None:
    file = tmp_path / "file"
    graph = {"a": node("ReadFile", path=str(file)), "b": node("Show", text=["a", 0])}
    file.write_text("old")
    bench.run(graph, "b")
    assert bench.run(graph, "b").cached == {"a", "b"}
    file.write_text("new")
    assert bench.run(graph, "b").shown("b") == ["new"]


def test_a_model_file_that_was_replaced_is_loaded_anew(bench: Bench) -> None:
    folder = bench.folders.data / "models" / "checkpoints"
    folder.mkdir(parents=True)
    file = folder / "one.safetensors"
    graph = {"a": node("ReadModel", name=file.name), "b": node("Show", text=["a", 0])}
    file.write_text("old")
    bench.run(graph, "b")
    assert bench.run(graph, "b").cached == {"a", "b"}
    file.write_text("newer")
    assert bench.run(graph, "b").shown("b") == ["newer"]
    os.utime(file, ns=(1, 1))
    assert bench.run(graph, "b").carried_out == ["a", "b"]


def test_a_nan_as_fingerprint_means_never(bench: Bench, tmp_path: Path) -> None:
    graph = {"a": node("ReadFile", path=str(tmp_path / "none")), "b": node("Show", text=["a", 0])}
    bench.run(graph, "b")
    assert bench.run(graph, "b").carried_out == ["a", "b"]


def test_a_graph_may_bring_its_own_fingerprint(bench: Bench, tmp_path: Path) -> None:
    reading = node("ReadFile", path=str(tmp_path / "none")) | {"is_changed": ["v1"]}
    graph = {"a": reading, "b": node("Show", text=["a", 0])}
    bench.run(graph, "b")
    assert bench.run(graph, "b").cached == {"a", "b"}


def test_a_class_that_knows_its_id_is_served_only_under_that(bench: Bench) -> None:
    bench.run({"1": node("Hiding")}, "1")
    assert bench.run({"1": node("Hiding")}, "1").cached == {"1"}
    assert bench.run({"2": node("Hiding")}, "2").cached == set()


def test_nothing_is_kept_without_a_budget(tmp_path: Path) -> None:
    bench = Bench(tmp_path, policy=Nothing())
    bench.run(write(), "a2")
    assert bench.run(write(), "a2").cached == set()
