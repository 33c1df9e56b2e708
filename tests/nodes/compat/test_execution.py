"""What packs ask of ComfyUI's executor."""

from types import ModuleType

import pytest

from hub.engine.catalogue import builtin_schemas
from hub.nodes.compat.installed import installed
from tests.nodes.compat.conftest import Offered

EMPTY = {"class_type": "EmptyImage", "inputs": {"width": "8", "height": 8, "batch_size": 1}}
SAVE = {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}}


@pytest.fixture
def execution(offered: Offered) -> ModuleType:
    module = offered("execution")
    installed().schemas = builtin_schemas()
    return module


async def test_a_pack_has_a_graph_checked(execution: ModuleType) -> None:
    graph = {"1": EMPTY | {"inputs": EMPTY["inputs"] | {"color": 0}}, "2": SAVE, "3": SAVE}  # type: ignore[operator] # a dict
    assert await execution.validate_prompt("x", graph, ["2"]) == (True, None, ["2"], {})
    assert graph["1"]["inputs"]["width"] == 8

    valid, error, outputs, faults = await execution.validate_prompt("x", {"1": EMPTY, "2": SAVE})
    assert (valid, outputs) == (False, [])
    assert error["type"] == "prompt_outputs_failed_validation"
    assert [fault["details"] for fault in faults["1"]["errors"]] == ["color"]


def test_the_queue_and_the_users_are_those_of_the_server(offered: Offered) -> None:
    server = offered("server").PromptServer.instance
    assert isinstance(server.prompt_queue, offered("execution").PromptQueue)
    assert isinstance(server.user_manager, offered("app.user_manager").UserManager)
