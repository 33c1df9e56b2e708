"""What is sent is what is received."""

from typing import Any

import msgspec
import pytest

from hub.engine.messages import (
    Batch,
    Cancel,
    Cancelled,
    Done,
    Execute,
    Failed,
    File,
    NodeDone,
    NodeStarted,
    PackMessage,
    PackServer,
    Progress,
    Ready,
    Started,
    decode_batch,
    decode_to_worker,
    encode,
)
from hub.nodes.api import IMAGE, INT, Schema
from hub.records.node_pack import NodePack, PackRoute
from hub.records.output import OutputFolder
from hub.records.run import ErrorKind, RunError

SCHEMA = Schema(
    class_type="X",
    category="x",
    inputs=(IMAGE.input("image"), INT.value("seed", default=0, minimum=0, maximum=2**64 - 1)),
    outputs=(IMAGE.output(),),
)
FILE = File(
    run="r",
    attempt=1,
    node="2",
    index=0,
    staged="r-1-1.png",
    folder=OutputFolder.TEMP,
    prefix="x",
    suffix=".png",
    kind="images",
    sha256="00",
    size=5,
)
PACK = NodePack(
    name="pack",
    folder="/packs/pack",
    seconds=0.5,
    routes=(PackRoute(method="GET", path="/x", pattern="/x"),),
    problems=("It has one.",),
)
ERROR = RunError(kind=ErrorKind.NODE_FAILED, message="m", inputs={"a": [1]}, traceback=("t",))
ODD: list[Any] = ["x\udc80", 2**70, -(2**70), "ä", 1.5, None]


def order(value: Any) -> Execute:
    graph = {"1": {"class_type": "X", "inputs": {"value": value}}}
    return Execute(run="r", attempt=1, graph=graph, targets=("1",), careful=True, fresh=("1",))


@pytest.mark.parametrize("message", [order(5), Cancel(run="r", attempt=1)])
def test_orders_survive_the_way(message: Execute | Cancel) -> None:
    assert decode_to_worker(encode(message)) == message


def test_all_that_a_worker_says_survives_the_way() -> None:
    messages = (
        Ready(
            pid=1,
            device="cpu",
            slots=2,
            catalogue=(SCHEMA,),
            packs=(PACK,),
            pack_server=PackServer(socket="/tmp/x", prompt_hooks=True),
            web_folders={"pack": "/packs/pack"},
        ),
        PackMessage(payload=b"\0\xff", binary=True, client="c"),
        Started("r", 1, ("1",)),
        NodeStarted("r", 1, "2"),
        Progress("r", 1, "2", 3, 4),
        NodeDone("r", 1, "2", 0.5, ui={"images": [{"filename": "x"}]}, files=(FILE,)),
        Done("r", 1),
        Failed("r", 1, ERROR),
        Cancelled("r", 1),
    )
    batch = Batch(boot="b", messages=messages)
    assert decode_batch(encode(batch)) == batch


@pytest.mark.parametrize("value", ODD)
def test_odd_values_survive_the_way_in_both_directions(value: Any) -> None:
    assert decode_to_worker(encode(order(value))) == order(value)
    done = NodeDone("r", 1, "2", 0.5, ui={"text": [value]})
    batch = Batch(boot="b", messages=(done, PackMessage(payload=b"\0\xff")))
    assert decode_batch(encode(batch)) == batch


def test_an_object_that_no_message_can_carry_becomes_text() -> None:
    batch = Batch(boot="b", messages=(NodeDone("r", 1, "2", 0.5, ui={"text": [{1j}]}),))
    (received,) = decode_batch(encode(batch)).messages
    assert isinstance(received, NodeDone)
    assert received.ui == {"text": [["1j"]]}


def test_limits_stay_whole_numbers() -> None:
    schema = msgspec.msgpack.decode(msgspec.msgpack.encode(SCHEMA), type=Schema)
    assert repr(schema.inputs[1].maximum) == "18446744073709551615"
    assert repr(schema.inputs[1].minimum) == "0"
