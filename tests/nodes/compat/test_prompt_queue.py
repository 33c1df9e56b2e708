"""What packs may put into the queue."""

from pathlib import Path
from typing import Any

import pytest

from hub.config.folders import Folders
from hub.engine.messages import PackPrompt
from hub.nodes.compat.installed import Installed
from hub.nodes.compat.prompt_queue import NoItem, NoQueue, PromptQueueView

ID = "0f8fad5b-d9cb-469f-a165-70867728950e"
GRAPH = {"1": {"class_type": "X", "inputs": {}}}


@pytest.fixture
def here(tmp_path: Path) -> Installed:
    return Installed(folders=Folders(config=tmp_path, data=tmp_path))


@pytest.mark.parametrize(("number", "front"), [(3, False), (-1.5, True)])
def test_a_graph_goes_to_the_hub(here: Installed, number: float, front: bool) -> None:
    posted: list[PackPrompt] = []
    here.post = posted.append
    PromptQueueView(here).put((number, ID, GRAPH, {"a": 1, "auth_token_comfy_org": "x"}, ["1"], {}))
    assert posted == [
        PackPrompt(id=ID, graph=GRAPH, targets=("1",), front=front, extra={"a": 1}),
    ]


@pytest.mark.parametrize("item", [None, (1, ID), (1, "name", GRAPH, {}, []), (1, ID, "x", {}, [])])
def test_anything_else_is_refused(here: Installed, item: Any) -> None:
    here.post = lambda prompt: None
    with pytest.raises(NoItem, match="What belongs into the queue is"):
        PromptQueueView(here).put(item)


def test_nothing_can_be_put_there_while_packs_are_loaded(here: Installed) -> None:
    with pytest.raises(NoQueue):
        PromptQueueView(here).put((1, ID, GRAPH, {}, []))
