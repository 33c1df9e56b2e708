"""Notices in ComfyUI's words, held against what ComfyUI 0.8.0 said."""

import dataclasses
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

import pytest

from hub.notices import (
    NodeFinished,
    NodeProgressed,
    NodesCached,
    NodeStarted,
    Notice,
    RunFinished,
    RunQueued,
    RunStarted,
)
from hub.records.run import ErrorKind, Origin, Run, RunError, RunState
from hub.web.comfy_messages import messages_of
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
    return RunFinished(run=dataclasses.replace(RUN, state=state, error=error, ended_at=MOMENT))


def told(*notices: Notice, client: str = "me") -> list[dict[str, Any]]:
    return [m for notice in notices for m in messages_of(notice, client, 0, ["1"])]


def without_repeats(messages: list[dict[str, Any]]) -> list[tuple[str, frozenset[str]]]:
    return [key for key, _ in groupby(map(fields, messages))]


def test_a_run_is_told_in_comfyuis_order_and_fields() -> None:
    ours = told(
        RunStarted(run=RUN),
        NodesCached(run=RUN, nodes=()),
        NodeStarted(run=RUN, node="3"),
        NodeProgressed(run=RUN, node="3", value=1, maximum=4),
        NodeStarted(run=RUN, node="9"),
        NodeFinished(run=RUN, node="9", ui={"images": []}, cached=False),
        ended(RunState.SUCCEEDED),
    )
    assert without_repeats(ours[1:]) == without_repeats(recorded_messages("ws_t2i_cold"))


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


def test_whole_numbers_are_written_as_such() -> None:
    (message,) = told(NodeProgressed(run=RUN, node="3", value=2.0, maximum=2.5))
    assert repr(message["data"]["value"]) == "2"
    assert message["data"]["max"] == 2.5


def test_other_clients_hear_only_how_long_the_queue_is() -> None:
    notices: list[Notice] = [
        RunQueued(run=RUN),
        RunStarted(run=RUN),
        NodesCached(run=RUN, nodes=()),
        NodeStarted(run=RUN, node="1"),
        NodeProgressed(run=RUN, node="1", value=1, maximum=2),
        NodeFinished(run=RUN, node="1", ui={"images": []}, cached=False),
        ended(RunState.SUCCEEDED),
    ]
    assert {message["type"] for message in told(*notices, client="you")} == {"status"}


def test_a_node_that_shows_nothing_is_not_told_as_executed() -> None:
    assert told(NodeFinished(run=RUN, node="1", ui=None, cached=False)) == []


def test_a_node_of_an_expansion_is_shown_as_the_one_that_expanded() -> None:
    notice = NodeFinished(run=RUN, node="3.1", ui={"text": ["x"]}, cached=False, display="3")
    (message,) = told(notice)
    assert (message["data"]["node"], message["data"]["display_node"]) == ("3.1", "3")


def test_a_blocked_node_is_told_as_an_error_that_ends_nothing() -> None:
    (message,) = told(NodeFinished(run=RUN, node="1", ui=None, cached=False, blocked="closed"))
    assert message["type"] == "execution_error"
    assert message["data"]["exception_type"] == "ExecutionBlocked"
    assert message["data"]["exception_message"] == "Execution Blocked: closed"
    assert "timestamp" not in message["data"]


def test_an_error_names_the_node_and_what_was_done_before() -> None:
    message = told(ended(RunState.FAILED, ERROR))[0]["data"]
    assert (message["node_id"], message["node_type"]) == ("1", "EmptyImage")
    assert message["executed"] == ["1"]
    assert message["exception_type"] == "ValueError"
