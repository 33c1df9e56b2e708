"""Node packs in a real worker."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from hub.engine.check import check_graph
from hub.engine.engine import Engine
from tests.engine.story import Story, job, node, running_engine

pytestmark = pytest.mark.asyncio(loop_scope="module")
PACKS = Path(__file__).with_name("packs")
Running = tuple[Engine, Story]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    folder = tmp_path_factory.mktemp("hub")
    async with running_engine(folder, worker_module="hub.engine.worker", packs=PACKS) as running:
        yield running


def facts(**inputs: object) -> dict[str, object]:
    return node("PackFacts", **{"prompt": "hello", "size": 3, "model": "None", **inputs})


async def test_each_pack_is_reported_and_a_broken_one_costs_only_itself(running: Running) -> None:
    packs = {pack.name: pack for pack in running[0].packs}
    assert list(packs) == [
        *("branching", "broken", "facts", "mixed", "raising", "samplers", "sampling_layer"),
        *("single", "third", "wanting"),
    ]
    assert packs["facts"].nodes == ("PackFacts", "PackTurn")
    assert packs["facts"].web == str(PACKS / "facts")
    assert packs["single"].nodes == ("PackSingle",)
    assert "PackShow" in packs["branching"].nodes
    assert "PackSealed" not in packs["branching"].nodes
    assert "PackSealed is left out" in (packs["branching"].error or "")
    assert packs["broken"].error == "ValueError: it is broken"
    assert "broken/__init__.py" in packs["broken"].traceback
    wanted = packs["wanting"].error or ""
    assert "'tiled_scale_of_tomorrow' from 'comfy.utils'" in wanted
    assert wanted.endswith("the hub does not offer it yet.")


async def test_a_class_is_in_the_catalogue_as_it_declares_itself(running: Running) -> None:
    schema = running[0].catalogue.get("PackFacts")
    assert schema is not None
    assert (schema.display_name, schema.module) == ("Facts", "custom_nodes.facts")
    assert [item.type for item in schema.inputs] == ["STRING", "COMBO", "COMBO", "*"]
    assert [(output.name, output.type) for output in schema.outputs] == [
        ("text", "STRING"),
        ("*", "*"),
    ]
    assert not schema.light


async def test_a_node_keeps_its_instance_and_gets_hidden_inputs(running: Running) -> None:
    engine, story = running
    for number in (1, 2):
        engine.submit(job(f"facts{number}", {"7": facts()}, "7"))
        assert (await story.ended(f"facts{number}"))[-1] == "done 1"
        ui = story.nodes[f"facts{number}"]["7"].ui
        assert ui == {"text": [f"hello 3 7 1 {number}", "output", ["7"]]}


async def test_a_class_refuses_inputs_by_code_of_its_own(running: Running) -> None:
    engine, story = running
    graph = {"1": facts(size="large")}
    assert check_graph(graph, engine.catalogue).outputs == ("1",)
    engine.submit(job("refused", graph, "1"))
    await story.ended("refused")
    assert "too large" in story.errors["refused"].message


@pytest.mark.parametrize("class_type", ["PackRaising", "PackRaisingLater"])
async def test_a_traceback_begins_in_the_packs_own_code(running: Running, class_type: str) -> None:
    engine, story = running
    engine.submit(job(class_type, {"1": node(class_type)}))
    await story.ended(class_type)
    (frame,) = story.errors[class_type].traceback
    assert "raising.py" in frame


async def test_an_asynchronous_node_uses_a_built_in_one(running: Running) -> None:
    engine, story = running
    graph = {
        "1": node("EmptyImage", width=64, height=64, batch_size=1, color=255),
        "2": node("PackTurn", image=["1", 0]),
        "3": node("SaveImage", images=["2", 0], filename_prefix="turned"),
    }
    engine.submit(job("turned", graph, "3"))
    assert (await story.ended("turned"))[-1] == "done 1"
    (file,) = story.nodes["turned"]["3"].files
    assert (file.width, file.height) == (8, 4)


async def test_a_node_may_give_nothing(running: Running) -> None:
    engine, story = running
    engine.submit(job("single", {"1": node("PackSingle")}))
    assert (await story.ended("single"))[-1] == "done 1"


async def test_a_switch_has_only_the_branch_carried_out_that_it_takes(running: Running) -> None:
    engine, story = running
    graph = {
        "1": node("PackCountdown", value=0),
        "2": node("PackGate", value=1, message="not wanted"),
        "3": node("PackSwitch", first=["1", 0], second=["2", 0], use_second=False),
        "4": node("PackShow", value=["3", 0]),
    }
    engine.submit(job("switched", graph, "4"))
    assert (await story.ended("switched"))[-1] == "done 1"
    assert story.nodes["switched"]["4"].ui == {"text": ["0"]}
    assert "2" not in story.nodes["switched"]


async def test_a_node_that_becomes_a_graph_is_shown_in_place_of_it(running: Running) -> None:
    engine, story = running
    graph = {"9": node("PackCountdown", value=2), "4": node("PackShow", value=["9", 0])}
    engine.submit(job("counted", graph, "4"))
    assert (await story.ended("counted"))[-1] == "done 1"
    inner = [done for done in story.nodes["counted"].values() if done.display]
    assert len(inner) == 2
    assert {done.display for done in inner} == {"9"}


async def test_a_blocker_keeps_readers_from_being_called_and_the_run_goes_on(
    running: Running,
) -> None:
    engine, story = running
    graph = {
        "1": node("PackGate", value=1, message="closed today"),
        "2": node("PackShow", value=["1", 0]),
        "3": node("PackShow", value=7),
    }
    engine.submit(job("gated", graph, "2", "3"))
    assert (await story.ended("gated"))[-1] == "done 1"
    nodes = story.nodes["gated"]
    assert (nodes["2"].blocked, nodes["2"].ui) == ("closed today", None)
    assert nodes["3"].ui == {"text": ["7"]}


async def test_lists_are_taken_whole_or_one_by_one_as_a_class_declares(running: Running) -> None:
    engine, story = running
    graph = {"1": node("PackBatch", value=5), "2": node("PackShow", value=["1", 0])}
    engine.submit(job("listed", graph, "2"))
    assert (await story.ended("listed"))[-1] == "done 1"
    assert story.nodes["listed"]["2"].ui == {"text": ["5", "6", "7"]}
    graph["1"]["inputs"]["value"] = 13
    engine.submit(job("refused list", graph, "2"))
    await story.ended("refused list")
    assert "not that one" in story.errors["refused list"].message


async def test_a_class_may_decide_itself_what_is_linked(running: Running) -> None:
    engine, story = running
    graph = {
        "1": node("PrimitiveString", value="four"),
        "2": node("PackPicky", value=["1", 0]),
        "3": node("PackShow", value=["2", 0]),
    }
    assert check_graph(graph, engine.catalogue).error is None
    engine.submit(job("picky", graph, "3"))
    assert (await story.ended("picky"))[-1] == "done 1"
    assert story.nodes["picky"]["3"].ui == {"text": ["4"]}
    engine.submit(job("choosy", graph | {"1": node("PrimitiveInt", value=4)}, "3"))
    await story.ended("choosy")
    assert "no INT" in story.errors["choosy"].message
