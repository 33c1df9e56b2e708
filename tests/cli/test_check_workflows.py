"""`hub check --workflow`."""

import json
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from hub.app import Hub
from hub.cli.check_workflows import check_workflows
from hub.cli.options import HERE
from hub.nodes.api import Input, Schema
from tests.cli.conftest import RunHub


def write(folder: Path, name: str, **inputs: Any) -> Path:
    """A workflow that makes a grey picture, with other inputs for the node that does."""
    grey = {"width": 8, "height": 8, "batch_size": 1, "color": 0} | inputs
    graph = {
        "1": {"class_type": "EmptyImage", "inputs": grey, "_meta": {"title": "Grey"}},
        "2": {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}},
    }
    file = folder / f"{name}.json"
    file.write_text(json.dumps(graph))
    return file


async def test_a_sound_workflow_can_be_run(hub_command: RunHub, tmp_path: Path) -> None:
    file = write(tmp_path, "good")
    result = await hub_command("check", "--workflow", str(file))
    assert (result.code, result.out, result.err) == (0, f"{file}: can be run.\n", "")


async def test_every_file_of_a_folder_is_told_with_its_mistakes(
    hub_command: RunHub, tmp_path: Path
) -> None:
    bad, good = write(tmp_path, "bad", width=0), write(tmp_path, "good")
    result = await hub_command("check", "--workflow", str(tmp_path))
    assert (result.code, result.out.splitlines()) == (
        1,
        [
            f"{bad}: cannot be run; 1 mistake.",
            "  node 1 \"Grey\" (EmptyImage): 'width' is 0, but the least is 1",
            f"{good}: can be run.",
        ],
    )


async def test_programs_get_the_facts(hub_command: RunHub, tmp_path: Path) -> None:
    good, bad = write(tmp_path, "good"), write(tmp_path, "bad", width="x")
    broken = tmp_path / "broken.json"
    broken.write_text("{")
    words = [word for file in (good, bad, broken) for word in ("-w", str(file))]
    result = await hub_command("check", *words, "--json")
    told = json.loads(result.out)
    assert [report["verdict"] for report in told] == ["ok", "refused", "refused"]
    assert told[0] == {"file": str(good), "verdict": "ok", "outputs": ["2"], "mistakes": []}
    (mistake,) = told[1]["mistakes"]
    assert (mistake["type"], mistake["node"], mistake["input"]) == (
        "invalid_input_type",
        "1",
        "width",
    )
    (mistake,) = told[2]["mistakes"]
    assert (mistake["type"], mistake["line"]) == ("unreadable", 1)


async def test_a_file_that_a_node_names_is_looked_for_where_the_hub_would(
    hub_command: RunHub, config: Path, tmp_path: Path
) -> None:
    file = tmp_path / "load.json"
    load = {"class_type": "LoadImage", "inputs": {"image": "cat.png"}}
    show = {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}}
    file.write_text(json.dumps({"1": load, "2": show}))
    result = await hub_command("check", "-w", str(file))
    assert "there is no file 'cat.png' in input of the data folder" in result.out
    (config / "data" / "input").mkdir(parents=True)
    (config / "data" / "input" / "cat.png").touch()
    assert (await hub_command("check", "-w", str(file))).code == 0


@pytest.mark.parametrize("words", [["no.json"], ["good.json", "--config", "/no/such/folder"]])
async def test_a_path_that_leads_nowhere_is_one_sentence(
    hub_command: RunHub, tmp_path: Path, words: list[str]
) -> None:
    write(tmp_path, "good")
    result = await hub_command("check", "-w", str(tmp_path / words[0]), *words[1:])
    assert (result.code, result.out) == (1, "")
    assert result.err.startswith("Error: ")
    assert len(result.err.splitlines()) == 1


async def test_a_folder_without_workflows_is_told(hub_command: RunHub, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    result = await hub_command("check", "-w", str(tmp_path / "empty"))
    assert result.code == 1
    assert "holds no .json file" in result.err


async def test_without_a_configuration_files_are_taken_for_present(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    load = {"class_type": "LoadImage", "inputs": {"image": "cat.png"}}
    show = {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}}
    file = tmp_path / "load.json"
    file.write_text(json.dumps({"1": load, "2": show}))
    assert await check_workflows(HERE, [file], as_json=True) == 0
    assert json.loads(capsys.readouterr().out)[0]["verdict"] == "ok"


async def test_a_file_that_each_run_is_given_need_not_be_there(
    hub_command: RunHub, config: Path
) -> None:
    saved = config / "workflows" / "photo.json"
    sound = (0, f"{saved}: can be run.\n")
    result = await hub_command("check", "-w", str(saved))
    assert (result.code, result.out) == sound
    async with Hub(config, port=0, worker_module="hub.testing.worker"):
        result = await hub_command("check", "-w", str(saved))
    assert (result.code, result.out) == sound
    elsewhere = config.parent / "photo.json"
    elsewhere.write_bytes(saved.read_bytes())
    result = await hub_command("check", "-w", str(elsewhere))
    assert "'image': there is no file '?'" in result.out


async def test_a_running_hub_is_asked_as_it_knows_its_packs(
    hub: Hub, hub_command: RunHub, tmp_path: Path
) -> None:
    inputs = (Input(name="images", type="IMAGE"),)
    own = Schema(class_type="OfAPack", category="", inputs=inputs, is_output_node=True)
    hub.engine.catalogue.update([own])
    file = write(tmp_path, "mixed", width=0)
    graph = json.loads(file.read_text())
    graph["2"]["class_type"] = "OfAPack"
    file.write_text(json.dumps(graph))
    result = await hub_command("check", "-w", str(file))
    assert result.out.splitlines() == [
        f"{file}: cannot be run; 1 mistake.",
        "  node 1 \"Grey\" (EmptyImage): 'width' is 0, but the least is 1",
    ]


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({}, "This is no graph to check: Object missing required field `graph`"),
        ({"graph": {"1": {}}}, "node '1' needs a `class_type` and a mapping of `inputs`"),
        (
            {"graph": {"1": {"class_type": "A", "inputs": {}}}, "given": [["1", "b"]]},
            "The graph has no input 'b' of a node '1' to be given.",
        ),
    ],
)
async def test_what_cannot_be_checked_is_told(hub: Hub, body: Any, sentence: str) -> None:
    async with (
        aiohttp.ClientSession(hub.address) as session,
        session.post("/api/hub/check", json=body) as response,
    ):
        assert response.status == 400
        assert sentence in (await response.json())["error"]["message"]
