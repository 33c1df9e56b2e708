"""Notices in ComfyUI's words, held against what ComfyUI 0.8.0 said."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

import pytest
from msgspec.structs import replace

from hub.notices import (
    NodeFinished,
    NodeProgressed,
    NodesCached,
    NodeStarted,
    Notice,
    RunFinished,
    RunStarted,
)
from hub.records.run import ErrorKind, Origin, Run, RunError, RunState
from hub.testing.clock import ScriptedClock
from hub.web.comfy_messages import messages_of
from hub.web.comfy_progress import ProgressStates
from tests.web.recorded import fields, recorded_messages

MOMENT = datetime(2026, 1, 15, tzinfo=UTC)
RUN = Run(
    number=1,
    id="11111111-2222-4333-8444-555555555555",
    state=RunState.RUNNING,
    origin=Origin.PROMPT,
    graph={"1": {"class_type": "EmptyImage", "inputs": {}}},
    created_at=MOMENT,
    started_at=MOMENT,
    client="me",
)
ERROR = RunError(
    kind=ErrorKind.NODE_FAILED,
    message="It broke.",
    exception_type="ValueError",
    node="1",
    node_type="EmptyImage",
)


def ended(state: RunState, error: RunError | None = None) -> RunFinished:
    return RunFinished(run=replace(RUN, state=state, error=error, ended_at=MOMENT))


def told(*notices: Notice) -> list[dict[str, Any]]:
    states = ProgressStates(ScriptedClock())
    return [m for notice in notices for m in messages_of(notice, 0, ["1"], states)]


def without_repeats(messages: list[dict[str, Any]]) -> list[tuple[str, frozenset[str]]]:
    return [key for key, _ in groupby(map(fields, messages))]


def happened(recorded: list[dict[str, Any]]) -> Iterator[Notice]:
    """What led to the messages of a run that went well."""
    shown: dict[str, Any] = {}
    finished: set[str] = set()
    cached: list[str] = []
    for message in recorded:
        data = message["data"]
        match message["type"]:
            case "execution_start":
                yield RunStarted(run=RUN)
            case "execution_cached":
                cached = data["nodes"]
                yield NodesCached(run=RUN, nodes=tuple(cached))
            case "executing" if data["node"] is not None:
                yield NodeStarted(run=RUN, node=data["node"])
            case "progress":
                yield NodeProgressed(
                    run=RUN, node=data["node"], value=data["value"], maximum=data["max"]
                )
            case "executed":
                shown[data["node"]] = data["output"]
            case "progress_state":
                ended_nodes = {n for n, at in data["nodes"].items() if at["state"] == "finished"}
                for node in ended_nodes - finished:
                    yield NodeFinished(
                        run=RUN, node=node, ui=shown.get(node), cached=node in cached
                    )
                finished |= ended_nodes
            case "execution_success":
                yield ended(RunState.SUCCEEDED)


def comparable(message: dict[str, Any]) -> str:
    """What does not depend on when a run was, and on its id; 1 is not 1.0 here."""
    text = json.dumps(message, sort_keys=True)
    text = re.sub(r'"timestamp": \d+', '"timestamp": 0', text)
    return re.sub(r'"prompt_id": "[^"]*"', '"prompt_id": ""', text)


@pytest.mark.parametrize(
    "recording", ["ws_t2i_cold", "ws_t2i_fully_cached", "ws_t2i_cached_prefix_changed"]
)
def test_a_run_is_told_message_by_message_as_comfyui_does(recording: str) -> None:
    theirs = recorded_messages(recording)
    ours = told(*happened(theirs))
    assert len(theirs) > 5
    assert list(map(comparable, ours[1:])) == list(map(comparable, theirs))


@pytest.mark.parametrize(
    ("recording", "end"),
    [
        ("ws_execution_error", ended(RunState.FAILED, ERROR)),
        ("ws_t2i_interrupted", ended(RunState.CANCELLED)),
    ],
)
def test_a_run_that_went_wrong_is_told_so(recording: str, end: RunFinished) -> None:
    beginning: list[Notice] = [
        RunStarted(run=RUN),
        NodesCached(run=RUN, nodes=()),
        NodeStarted(run=RUN, node="1"),
    ]
    ours = told(*beginning, end)
    assert without_repeats(ours[1:]) == without_repeats(recorded_messages(recording))


def test_of_a_run_with_many_nodes_not_every_change_is_told_but_the_last() -> None:
    nodes = [str(number) for number in range(200)]
    begun = [NodeStarted(run=RUN, node=node) for node in nodes]
    ours = told(*begun, ended(RunState.SUCCEEDED))
    states = [message["data"]["nodes"] for message in ours if message["type"] == "progress_state"]
    assert list(map(len, states)) == [*range(1, 52), 200]
    assert [message["type"] for message in ours[-4:-2]] == ["progress_state", "execution_success"]


def test_whole_numbers_are_written_as_such() -> None:
    _, message = told(NodeProgressed(run=RUN, node="3", value=2.0, maximum=2.5))
    assert repr(message["data"]["value"]) == "2"
    assert message["data"]["max"] == 2.5


def test_a_node_that_shows_nothing_is_not_told_as_executed() -> None:
    (message,) = told(NodeFinished(run=RUN, node="1", ui=None, cached=False))
    assert message["type"] == "progress_state"


def test_a_node_of_an_expansion_is_shown_as_the_one_that_expanded() -> None:
    notice = NodeFinished(run=RUN, node="3.1", ui={"text": ["x"]}, cached=False, display="3")
    message, state = told(notice)
    assert (message["data"]["node"], message["data"]["display_node"]) == ("3.1", "3")
    assert state["data"]["nodes"]["3.1"]["display_node_id"] == "3"


def test_a_blocked_node_is_told_as_an_error_that_ends_nothing() -> None:
    message, _ = told(NodeFinished(run=RUN, node="1", ui=None, cached=False, blocked="closed"))
    assert message["type"] == "execution_error"
    assert message["data"]["exception_type"] == "ExecutionBlocked"
    assert message["data"]["exception_message"] == "Execution Blocked: closed"
    assert "timestamp" not in message["data"]


def test_an_error_names_the_node_and_what_was_done_before() -> None:
    message = told(ended(RunState.FAILED, ERROR))[0]["data"]
    assert (message["node_id"], message["node_type"]) == ("1", "EmptyImage")
    assert message["executed"] == ["1"]
    assert message["exception_type"] == "ValueError"
