"""A blocked output keeps its readers from being called, and nobody else."""

from hub.engine.messages import Done
from tests.engine.worker.bench import Bench, Story, node


def blocked(bench: Bench, message: str, class_type: str = "Block") -> Story:
    graph = {
        "block": node(class_type, message=message),
        "between": node("Text", text=["block", 0]),
        "show": node("Show", text=["between", 0]),
        "other": node("Show", text="other"),
    }
    return bench.run(graph, "show", "other")


def test_silently_the_readers_show_nothing_and_others_go_on(bench: Bench) -> None:
    story = blocked(bench, "")
    assert isinstance(story.end, Done)
    assert story.done["show"].ui is None
    assert story.shown("other") == ["other"]
    assert {done.blocked for done in story.done.values()} == {None}


def test_the_first_reader_tells_the_message(bench: Bench) -> None:
    story = blocked(bench, "no licence")
    assert story.done["between"].blocked == "no licence"
    assert story.done["show"].blocked is None
    assert isinstance(story.end, Done)


def test_the_message_is_told_again_in_the_next_run(bench: Bench) -> None:
    blocked(bench, "no licence")
    story = blocked(bench, "no licence")
    assert story.cached == {"block", "other"}
    assert story.done["between"].blocked == "no licence"


def test_a_bare_blocker_blocks_every_output(bench: Bench) -> None:
    assert blocked(bench, "bare", "BlockAll").done["between"].blocked == "bare"
    assert blocked(bench, "named", "BlockAll").done["between"].blocked == "named"


def test_of_a_list_only_the_blocked_elements_are_left_out(bench: Bench) -> None:
    graph = {
        "words": node("Words", text="pass stop pass"),
        "block": node("Block", message="", value=["words", 0]),
        "each": node("Text", text=["block", 0], more="!"),
        "show": node("Show", text=["each", 0]),
    }
    assert bench.run(graph, "show").shown("show") == ["pass!", "pass!"]


def test_a_class_that_takes_lists_is_blocked_by_any_element(bench: Bench) -> None:
    graph = {
        "words": node("Words", text="pass stop"),
        "block": node("Block", message="", value=["words", 0]),
        "join": node("Join", texts=["block", 0], mark="-"),
        "show": node("Show", text=["join", 0]),
    }
    assert bench.run(graph, "show").done["show"].ui is None
