"""The rules by which a graph is carried out, one by one."""

from pathlib import Path

import pytest

from hub.engine.messages import Done, Preview, Progress
from hub.engine.models.model_memory import MODEL_MEMORY
from hub.engine.worker.policies import Nothing
from hub.records.run import ErrorKind
from tests.engine.text_nodes import CALLS
from tests.engine.worker.bench import Bench, node


def test_tells_beginning_nodes_and_end_in_order(bench: Bench) -> None:
    story = bench.run({"a": node("Text", text="hi"), "b": node("Show", text=["a", 0])}, "b")
    kinds = [type(message).__name__ for message in story]
    assert kinds == ["Started", "NodeStarted", "NodeDone", "NodeStarted", "NodeDone", "Done"]
    assert story.shown("b") == ["hi"]


def test_only_ancestors_of_targets_are_carried_out(bench: Bench) -> None:
    graph = {"a": node("Text", text="a"), "b": node("Show"), "c": node("Show", text=["a", 0])}
    assert bench.run(graph, "b").carried_out == ["b"]


def test_an_output_goes_before_what_feeds_other_outputs(bench: Bench) -> None:
    graph = {
        "far": node("Text", text="far"),
        "near": node("Text", text=["far", 0]),
        "late": node("Show", text=["near", 0]),
        "short": node("Text", text="short"),
        "early": node("Show", text=["short", 0]),
    }
    assert bench.run(graph, "late", "early").carried_out == [
        "short",
        "early",
        "far",
        "near",
        "late",
    ]


def test_an_absent_optional_input_is_not_passed(bench: Bench) -> None:
    graph = {"a": node("Text", text="a"), "b": node("Show", text=["a", 0])}
    assert bench.run(graph, "b").shown("b") == ["a"]


def test_an_undeclared_constant_is_dropped_and_an_undeclared_link_passed(bench: Bench) -> None:
    graph = {"a": node("Text", text="a", bogus=1), "b": node("Show", other=["a", 0], bogus=2)}
    assert bench.run(graph, "b").shown("b") == ["a"]


def test_a_wrapped_list_reaches_the_node_as_a_list(bench: Bench) -> None:
    graph = {"a": node("Show", text={"__value__": ["a", 0]})}
    assert bench.run(graph, "a").shown("a") == [["a", 0]]


def test_hidden_values_are_handed_over(bench: Bench) -> None:
    graph = {"7": node("Hiding")}
    story = bench.run(graph, "7", extra={"extra_pnginfo": {"workflow": 1}})
    assert story.shown("7") == ["7", graph, {"workflow": 1}]


def test_a_list_calls_its_reader_once_per_element(bench: Bench) -> None:
    graph = {
        "words": node("Words", text="a b c"),
        "each": node("Text", text=["words", 0], more="!"),
        "show": node("Show", text=["each", 0]),
    }
    assert bench.run(graph, "show").shown("show") == ["a!", "b!", "c!"]


def test_the_shorter_list_repeats_its_last(bench: Bench) -> None:
    graph = {
        "long": node("Words", text="a b c"),
        "short": node("Words", text="1 2"),
        "each": node("Text", text=["long", 0], more=["short", 0]),
        "show": node("Show", text=["each", 0]),
    }
    assert bench.run(graph, "show").shown("show") == ["a1", "b2", "c2"]


def test_an_empty_list_makes_no_calls(bench: Bench) -> None:
    graph = {"none": node("Words", text=""), "show": node("Show", text=["none", 0])}
    story = bench.run(graph, "show")
    assert story.end == Done("run1", 1)
    assert story.done["show"].ui is None


def test_a_class_that_takes_lists_is_called_once(bench: Bench) -> None:
    graph = {
        "words": node("Words", text="a b c"),
        "join": node("Join", texts=["words", 0], mark="-"),
        "show": node("Show", text=["join", 0]),
    }
    assert bench.run(graph, "show").shown("show") == ["a-b-c"]


def test_equal_branches_are_carried_out_once(bench: Bench) -> None:
    graph = {
        "a": node("Text", text="same"),
        "b": node("Text", text="same"),
        "show": node("Show", x=["a", 0], y=["b", 0]),
    }
    assert bench.run(graph, "show").shown("show") == ["same", "same"]
    assert CALLS["same"] == 1


def test_a_value_is_let_go_once_its_last_reader_is_done(tmp_path: Path) -> None:
    graph = {
        "thing": node("Make"),
        "after1": node("CountThings", after=["thing", 0]),
        "after2": node("CountThings", after=["after1", 0]),
        "show": node("Show", x=["after1", 0], y=["after2", 0]),
    }
    assert Bench(tmp_path, policy=Nothing()).run(graph, "show").shown("show") == [1, 0]


def test_an_error_ends_the_run_and_names_its_node(bench: Bench) -> None:
    graph = {
        "image": node("EmptyImage", width=64, height=64, batch_size=1, color=0),
        "bad": node("Fail", error="ValueError", image=["image", 0]),
    }
    error = bench.run(graph, "bad").error
    assert (error.kind, error.message) == (ErrorKind.NODE_FAILED, "it was asked to")
    assert (error.node, error.node_type, error.exception_type) == ("bad", "Fail", "ValueError")
    assert error.inputs == {"error": ["ValueError"], "image": ["IMAGE [1, 64, 64, 3] float32"]}
    (frame,) = error.traceback
    assert "nodes.py" in frame


def test_results_of_a_failed_run_stay_in_the_cache(bench: Bench) -> None:
    graph = {"a": node("Text", text="a"), "bad": node("Fail", image=["a", 0])}
    bench.run(graph, "bad")
    assert bench.run(graph, "bad").cached == {"a"}


def test_a_node_that_exits_ends_only_its_run(bench: Bench) -> None:
    error = bench.run({"a": node("Fail", error="SystemExit")}, "a").error
    assert error.exception_type == "SystemExit"


def test_running_out_of_memory_is_told_apart_and_empties_the_cache(bench: Bench) -> None:
    graph = {"a": node("Text", text="a"), "bad": node("Fail", error="MemoryError", image=["a", 0])}
    assert bench.run(graph, "bad").error.kind is ErrorKind.OUT_OF_MEMORY
    assert bench.cache.used == 0


def test_a_node_that_ran_out_of_memory_is_called_again_if_some_could_be_given_back(
    bench: Bench,
) -> None:
    graph = {
        "a": node("Text", text="a"),
        "b": node("OutOfMemoryOnce", name="scarce", after=["a", 0]),
    }
    story = bench.run(graph, "b")
    assert isinstance(story.end, Done)
    assert CALLS["scarce"] == 2
    assert len(story.done["b"].files) == 1


def test_a_node_is_not_called_again_where_there_is_nothing_to_give_back(bench: Bench) -> None:
    MODEL_MEMORY.release_idle()
    error = bench.run({"b": node("OutOfMemoryOnce", name="full")}, "b").error
    assert error.kind is ErrorKind.OUT_OF_MEMORY
    assert CALLS["full"] == 1


@pytest.mark.parametrize(
    ("what", "words"), [("one", "1 values instead"), ("text", "a str instead")]
)
def test_a_wrong_result_is_the_nodes_error(bench: Bench, what: str, words: str) -> None:
    assert words in bench.run({"a": node("WrongResult", what=what)}, "a").error.message


def test_a_node_that_gave_nothing_fails_whoever_reads_it(bench: Bench) -> None:
    graph = {"a": node("WrongResult", what="nothing"), "b": node("Show", text=["a", 0])}
    assert bench.run(graph, "a").end == Done("run1", 1)
    assert "takes output 0 of node a, which gave none" in bench.run(graph, "b").error.message


def test_reading_an_output_that_was_not_given_is_an_error(bench: Bench) -> None:
    graph = {"a": node("Text", text="a"), "b": node("Show", text=["a", 3])}
    assert "output 3 of node a" in bench.run(graph, "b").error.message


def test_a_cycle_is_refused(bench: Bench) -> None:
    graph = {"a": node("Text", text=["b", 0]), "b": node("Show", text=["a", 0])}
    error = bench.run(graph, "b").error
    assert error.kind is ErrorKind.GRAPH_REFUSED
    assert error.exception_type == "graph.DependencyCycleError"


def test_an_unknown_class_is_refused(bench: Bench) -> None:
    error = bench.run({"a": node("Nowhere")}, "a").error
    assert (error.kind, error.node) == (ErrorKind.GRAPH_REFUSED, "a")


def test_a_class_may_refuse_its_inputs_before_anything_runs(bench: Bench) -> None:
    graph = {"a": node("ReadFile", path=""), "b": node("Show", text=["a", 0])}
    story = bench.run(graph, "b")
    assert story.error.kind is ErrorKind.GRAPH_REFUSED
    assert "it needs a path" in story.error.message
    assert story.carried_out == []


def test_files_are_hashed_and_measured(bench: Bench) -> None:
    story = bench.run({"a": node("Write", text="hello", prefix="x/y")}, "a")
    (file,) = story.done["a"].files
    staged = bench.folders.staging / file.staged
    assert staged.read_text() == "hello"
    assert (file.prefix, file.suffix, file.kind, file.size) == ("x/y", ".txt", "texts", 5)
    assert file.sha256.startswith("2cf24dba5fb0a30e")
    assert (file.width, file.height) == (5, 1)
    assert story.shown("a") == [{"filename": file.staged, "subfolder": "", "type": "output"}]


def test_a_staged_file_that_was_never_written_is_the_nodes_error(bench: Bench) -> None:
    assert "did not write it" in bench.run({"a": node("StageOnly")}, "a").error.message


def test_progress_is_told_seldom_but_always_the_last(bench: Bench) -> None:
    story = bench.run({"a": node("Progress", steps=10_000)}, "a")
    told = [message.value for message in story if isinstance(message, Progress)]
    assert told[0] == 0
    assert told[-1] == 9_999
    assert len(told) < 1_000


def test_pictures_are_sent_in_their_order_and_none_is_left_out(bench: Bench) -> None:
    graph = {
        "1": node("EmptyImage", width=8, height=8, batch_size=3, color=255),
        "2": node("SaveImageWebsocket", images=["1", 0]),
    }
    for _ in range(2):
        story = bench.run(graph, "2")
        sent = [message for message in story if isinstance(message, Preview)]
        assert [(one.node, one.kind, one.may_be_missed) for one in sent] == [
            ("2", "image/png", False)
        ] * 3
