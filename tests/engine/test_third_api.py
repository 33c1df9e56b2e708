"""A node pack of ComfyUI's third node API in a real worker."""

from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from PIL import Image

from hub.engine.check import check_graph
from hub.engine.engine import Engine
from hub.engine.object_info import object_info
from tests.engine.story import Story, job, node, running_engine

pytestmark = pytest.mark.asyncio(loop_scope="module")
PACKS = Path(__file__).with_name("packs")
Running = tuple[Engine, Story]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    folder = tmp_path_factory.mktemp("hub")
    loras = folder / "models" / "loras"
    loras.mkdir(parents=True)
    (loras / "soft.safetensors").touch()
    async with running_engine(folder, worker_module="hub.engine.worker", packs=PACKS) as running:
        yield running


async def shown(running: Running, run: str, graph: dict[str, Any], target: str) -> Any:
    """What a node shows at the end of a run that succeeds."""
    engine, story = running
    assert check_graph(graph, engine.catalogue).error is None
    engine.submit(job(run, graph, target))
    said = await story.ended(run)
    assert said[-1] == "done 1", story.errors.get(run)
    return story.nodes[run][target].ui


async def failure(running: Running, run: str, graph: dict[str, Any], target: str) -> str:
    """The message of a run that fails."""
    engine, story = running
    engine.submit(job(run, graph, target))
    await story.ended(run)
    return story.errors[run].message


def facts(**inputs: Any) -> dict[str, Any]:
    given = {"text": "hello", "number": 3, "flag": True, "mood": "good", "lora": "None"}
    return node("ThirdFacts", **given | inputs)


def error_types(engine: Engine, graph: dict[str, Any]) -> set[str]:
    errors = check_graph(graph, engine.catalogue).node_errors.values()
    return {error["type"] for noted in errors for error in noted["errors"]}


async def test_a_pack_is_reported_with_its_classes_and_what_is_wrong_with_one(
    running: Running,
) -> None:
    packs = {pack.name: pack for pack in running[0].packs}
    assert {"ThirdFacts", "ThirdDynamic", "ThirdSave"} <= set(packs["third"].nodes)
    assert "ThirdBroken is left out" in (packs["third"].error or "")
    assert "two inputs called 'a'" in (packs["third"].error or "")
    assert packs["mixed"].nodes == ("Mixed",)


async def test_a_class_of_the_third_api_may_stand_among_those_of_the_first(
    running: Running,
) -> None:
    assert await shown(running, "mixed", {"1": node("Mixed")}, "1") == {"text": ["mixed"]}


async def test_a_class_is_in_the_catalogue_as_it_declares_itself(running: Running) -> None:
    schema = running[0].catalogue.get("ThirdFacts")
    assert schema is not None
    info = object_info(schema, lambda folder: [])
    assert info["input"]["required"] == {
        "text": ["STRING", {"multiline": True, "dynamicPrompts": True}],
        "number": ["INT", {"default": 3, "min": 0, "max": 9, "display": "slider"}],
        "flag": ["BOOLEAN", {"default": True, "label_on": "yes", "label_off": "no"}],
        "mood": ["COMBO", {"multiselect": False, "options": ["good", "bad"], "default": "good"}],
        "lora": ["COMBO", {"multiselect": False, "options": ["None", "soft.safetensors"]}],
    }
    assert info["input"]["optional"]["several"] == [
        "COMBO",
        {"multiselect": True, "options": ["a", "b", "c"], "multi_select": True},
    ]
    assert sorted(info["input"]["hidden"]) == ["dynprompt", "extra_pnginfo", "prompt", "unique_id"]
    assert (info["output"], info["output_name"]) == (["STRING", "*"], ["told", "*"])
    assert (info["display_name"], info["python_module"]) == ("Facts", "custom_nodes.third")


async def test_a_node_finds_hidden_values_in_its_class(running: Running) -> None:
    graph = {"7": facts(several=["a", "c"]), "8": node("ThirdShow", value=["7", 0])}
    told = "hello 3 good ['a', 'c'] 7"
    assert await shown(running, "hidden", graph, "8") == {"text": [told]}
    ui = running[1].nodes["hidden"]["7"].ui
    assert ui == {"text": [told, ["7", "8"], ["7", "8"], None]}


async def test_the_class_of_a_call_cannot_be_changed(running: Running) -> None:
    message = await failure(running, "frozen", {"1": node("ThirdFrozen")}, "1")
    assert message.startswith("ThirdFrozen.calls cannot be set")


async def test_inputs_are_checked_by_limits_choices_and_the_class_itself(running: Running) -> None:
    engine, _ = running
    # Limits of an input that the class checks itself are only shown.
    assert error_types(engine, {"1": facts(number=12)}) == set()
    assert error_types(engine, {"1": facts(mood="odd")}) == {"value_not_in_list"}
    assert error_types(engine, {"1": facts(several={"__value__": ["a", "z"]})}) == {
        "value_not_in_list"
    }
    assert "eight is too many" in await failure(running, "eight", {"1": facts(number=8)}, "1")
    message = await failure(running, "lora", {"1": facts(lora="gone.safetensors")}, "1")
    assert "Value not in list: lora" in message
    graph = {"1": node("ThirdBatch", value=13), "2": node("ThirdShow", value=["1", 0])}
    assert "not that one" in await failure(running, "list", graph, "2")


@pytest.mark.parametrize(("text", "second"), [("always", "always 2"), ("once", "once 1")])
async def test_a_fingerprint_tells_whether_something_has_changed(
    running: Running, text: str, second: str
) -> None:
    graph = {"1": node("ThirdChanging", text=text), "2": node("ThirdShow", value=["1", 0])}
    assert await shown(running, f"{text} first", graph, "2") == {"text": [f"{text} 1"]}
    assert await shown(running, f"{text} again", graph, "2") == {"text": [second]}


async def test_asynchronous_nodes_overlap_and_know_which_they_are(running: Running) -> None:
    graph = {
        "1": node("ThirdTogether", text="one"),
        "2": node("ThirdTogether", text="two"),
        "3": node("StringConcatenate", string_a=["1", 0], string_b=["2", 0], delimiter=", "),
        "4": node("ThirdShow", value=["3", 0]),
    }
    assert await shown(running, "together", graph, "4") == {"text": ["one of 1, two of 2"]}


async def test_a_switch_has_only_the_branch_carried_out_that_it_takes(running: Running) -> None:
    graph = {
        "1": node("ThirdCountdown", value=0),
        "2": node("ThirdGate", way=0, message="not wanted"),
        "3": node("ThirdSwitch", first=["1", 0], second=["2", 0], use_second=False),
        "4": node("ThirdShow", value=["3", 0]),
    }
    assert await shown(running, "switched", graph, "4") == {"text": ["0"]}
    assert "2" not in running[1].nodes["switched"]


@pytest.mark.parametrize("way", [0, 1, 2])
async def test_a_blocker_keeps_readers_from_being_called(running: Running, way: int) -> None:
    run = f"blocked {way}"
    graph = {"1": node("ThirdGate", way=way, message="no"), "2": node("ThirdShow", value=["1", 0])}
    assert await shown(running, run, graph, "2") is None
    assert running[1].nodes[run]["2"].blocked == "no"


async def test_a_node_becomes_a_graph_if_it_said_so(running: Running) -> None:
    graph = {"9": node("ThirdCountdown", value=3), "4": node("ThirdShow", value=["9", 0])}
    assert await shown(running, "counted", graph, "4") == {"text": ["0"]}
    inner = [done for done in running[1].nodes["counted"].values() if done.display]
    assert {done.display for done in inner} == {"9"}
    graph = {"9": node("ThirdSecret", value=3), "4": node("ThirdShow", value=["9", 0])}
    assert "does not say enable_expand" in await failure(running, "secret", graph, "4")


async def test_lists_are_taken_whole_or_one_by_one(running: Running) -> None:
    graph = {"1": node("ThirdBatch", value=5), "2": node("ThirdShow", value=["1", 0])}
    assert await shown(running, "listed", graph, "2") == {"text": ["5", "6", "7"]}


async def test_inputs_of_each_dynamic_kind_come_as_dicts(running: Running) -> None:
    inputs = {
        "images.image0": 1,
        "images.image3": 2,
        "mode": "weighted",
        "mode.weights.low": 0.5,
        "slot": 4,
        "slot.note": "x",
    }
    ui = await shown(running, "dynamic", {"1": node("ThirdDynamic", **inputs)}, "1")
    assert ui["given"] == [
        {"image0": 1, "image3": 2},
        {"mode": "weighted", "weights": {"low": 0.5}},
        {"slot": 4, "note": "x"},
    ]
    plain = {"images.image0": 1, "mode": "plain"}
    ui = await shown(running, "plain", {"1": node("ThirdDynamic", **plain)}, "1")
    assert ui["given"] == [{"image0": 1}, {"mode": "plain"}, None]
    negative = {"1": node("ThirdDynamic", **inputs | {"mode.weights.low": -1})}
    assert "a weight is negative" in await failure(running, "negative", negative, "1")
    assert error_types(running[0], {"1": node("ThirdDynamic", mode="plain")}) == {
        "required_input_missing"
    }


async def test_lazy_inputs_may_grow(running: Running) -> None:
    graph = {
        "1": node("ThirdCountdown", value=0),
        "2": node("ThirdSwitch", first=7, second=8, use_second=True),
        "3": node("ThirdGate", way=0, message="not wanted"),
        "4": node("ThirdLazyGrow", **{f"ns.n{n}": [str(n + 1), 0] for n in range(3)}),
        "5": node("ThirdShow", value=["4", 0]),
    }
    assert await shown(running, "grown", graph, "5") == {"text": ["8"]}
    assert "3" not in running[1].nodes["grown"]


async def test_types_agree_and_may_be_several(running: Running) -> None:
    graph = {
        "1": node("EmptyImage", width=8, height=8, batch_size=1, color=0),
        "2": node("SolidMask", value=1.0, width=8, height=8),
        "3": node("ThirdSame", one=["1", 0], two=["1", 0]),
        "4": node("SaveImage", images=["3", 0], filename_prefix="same"),
        "5": node("ThirdEither", picture=["2", 0], number=2.5),
    }
    assert await shown(running, "either", graph, "5") == {"text": ["2.5"]}
    wrong = graph | {"3": node("ThirdSame", one=["1", 0], two=["2", 0])}
    assert error_types(running[0], wrong) == {"return_type_mismatch"}
    wrong = graph | {"3": node("ThirdSame", one=["2", 0])}
    assert error_types(running[0], wrong) == {"return_type_mismatch"}
    schema = running[0].catalogue.get("ThirdSame")
    assert schema is not None
    assert object_info(schema, lambda folder: [])["output_matchtypes"] == ["same"]


@pytest.mark.parametrize(
    ("way", "key", "suffixes", "folder"),
    [
        ("images", "images", [".png", ".png"], "output"),
        ("png", "images", [".png"], "output"),
        ("webp", "images", [".webp"], "output"),
        ("audio", "audio", [".opus"], "output"),
        ("preview", "images", [".png", ".png"], "temp"),
        ("mask", "images", [".png", ".png"], "temp"),
        ("sound", "audio", [".flac"], "temp"),
    ],
)
async def test_files_of_the_helpers_are_outputs(
    running: Running, way: str, key: str, suffixes: list[str], folder: str
) -> None:
    ui = await shown(running, way, {"1": node("ThirdSave", way=way, prefix="third/x")}, "1")
    files = running[1].nodes[way]["1"].files
    assert [file.suffix for file in files] == suffixes
    assert {(file.folder.value, file.kind) for file in files} == {(folder, key)}
    assert [item["filename"] for item in ui[key]] == [file.staged for file in files]
    if folder == "output":
        assert files[0].prefix == "third/x"


@pytest.mark.parametrize(
    ("way", "ui"),
    [
        ("text", {"text": ["hello"]}),
        (
            "video",
            {
                "images": [{"filename": "x.mp4", "subfolder": "", "type": "temp"}],
                "animated": [True],
            },
        ),
    ],
)
async def test_other_things_are_shown_as_they_are(running: Running, way: str, ui: Any) -> None:
    graph = {"1": node("ThirdSave", way=way, prefix="x")}
    assert await shown(running, way, graph, "1") == ui


async def test_a_model_is_shown_before_a_picture(running: Running) -> None:
    ui = await shown(running, "model", {"1": node("ThirdSave", way="model", prefix="x")}, "1")
    assert ui["result"][:2] == ["m.glb", None]
    assert ui["result"][2].startswith("temp/ComfyUI_temp_")


async def test_videos_are_those_of_the_hub(running: Running) -> None:
    assert await shown(running, "video made", {"1": node("ThirdVideo")}, "1") == {
        "text": [3, 16, 16]
    }


@pytest.mark.parametrize("wait", [True, False])
async def test_progress_is_told_with_a_preview(running: Running, wait: bool) -> None:
    run = f"progress {wait}"
    await shown(running, run, {"1": node("ThirdProgress", wait=wait)}, "1")
    assert running[1].progress[run] == [("1", 1, 4)]
    (preview,) = running[1].previews[run]
    assert (preview.node, preview.kind) == ("1", "image/jpeg")
    assert Image.open(BytesIO(preview.image)).size == (512, 256)


async def test_other_packs_find_classes_as_those_of_the_first_api(running: Running) -> None:
    ui = await shown(running, "used", {"1": node("ThirdUser")}, "1")
    assert ui["facts"] == [
        2,
        ["INT"],
        ["INT", {"lazy": True}],
        "custom_nodes.third",
        True,
        ["0.0.1", "latest"],
    ]
