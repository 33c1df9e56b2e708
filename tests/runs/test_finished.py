"""What is recorded of nodes."""

from datetime import UTC, datetime

from hub.engine.messages import NodeDone
from hub.records.run import Origin, Run, RunState
from hub.runs.finished import run_node

RUN = Run(
    number=1,
    id="r",
    state=RunState.RUNNING,
    origin=Origin.API,
    graph={"1": {"class_type": "Outer", "inputs": {}}},
    created_at=datetime.now(UTC),
)


def test_the_class_of_an_ordered_node_comes_from_the_graph() -> None:
    assert run_node(RUN, NodeDone("r", 1, "1", 0.1), None).class_type == "Outer"


def test_the_class_of_a_node_inside_an_expansion_comes_with_its_report() -> None:
    done = NodeDone("r", 1, "1.1.x", 0.1, display="1", class_type="Inner")
    recorded = run_node(RUN, done, None)
    assert (recorded.class_type, recorded.display) == ("Inner", "1")
