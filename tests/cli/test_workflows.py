"""`hub workflows`."""

import json
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin

from hub.app import Hub
from tests.cli.conftest import RunHub
from tests.web.configuration import plain_graph


async def test_they_are_listed_and_shown(hub: Hub, hub_command: RunHub) -> None:
    listed = await hub_command("workflows")
    assert [line.split()[0] for line in listed.out.splitlines()[1:]] == ["photo", "plain"]
    shown = await hub_command("workflows", "show", "plain")
    assert "  prefix: text = plain" in shown.out
    assert "  2.images = output 0 of node 1" in shown.out
    missing = await hub_command("workflows", "show", "plian")
    assert missing.err.startswith("Error: There is no workflow 'plian'. Did you mean 'plain'?")


async def test_one_is_taken_in_and_can_be_run_at_once(
    hub: Hub, hub_command: RunHub, tmp_path: Path
) -> None:
    file = tmp_path / "new one.json"
    file.write_text(json.dumps({"prompt": plain_graph(), "client_id": "x"}))
    told = await hub_command("workflows", "import", str(file))
    assert (told.code, told.out) == (0, "Saved as workflows/new one.json, 2 nodes.\n")
    assert (await hub_command("run", "new one")).code == 0


async def test_nothing_is_overwritten_unless_asked(
    hub: Hub, hub_command: RunHub, tmp_path: Path, config: Path
) -> None:
    file = tmp_path / "plain.json"
    file.write_text(json.dumps({"1": plain_graph()["1"]}))
    before = (config / "workflows/plain.json").read_text()
    refused = await hub_command("workflows", "import", str(file))
    assert "There is a workflow 'plain' already" in refused.err
    assert (config / "workflows/plain.json").read_text() == before
    assert (await hub_command("workflows", "import", str(file), "--replace")).code == 0
    assert len(json.loads((config / "workflows/plain.json").read_text())) == 1
    assert sorted(path.name for path in (config / "workflows").glob(".*")) == []


async def test_a_picture_brings_its_workflow_and_unknown_classes_are_told(
    hub: Hub, hub_command: RunHub, tmp_path: Path, config: Path
) -> None:
    texts = PngImagePlugin.PngInfo()
    texts.add_text("workflow", json.dumps({"nodes": [{"id": 1, "type": "Strange"}], "links": []}))
    Image.new("RGB", (4, 4)).save(tmp_path / "a.png", pnginfo=texts)
    told = await hub_command("workflows", "import", str(tmp_path / "a.png"), "--name", "strange")
    assert (told.code, told.err) == (1, "No worker knows these classes yet: Strange.\n")
    assert "Strange" in (config / "workflows/strange.json").read_text()


@pytest.mark.parametrize(
    ("content", "name", "told"),
    [
        ("{", "a", "There is no workflow in it: this is not JSON"),
        ("[1]", "a", "No workflow can be taken from the file"),
        ('{"1": 5}', "a", "node '1' needs a `class_type`"),
        ('{"nodes": [{"type": "X"}]}', "a", "the editor's format is damaged"),
        ('{"1": {"class_type": "X", "inputs": {}}}', "../a", "'../a' is no name for a workflow"),
    ],
)
async def test_what_is_no_workflow_is_refused(
    hub: Hub, hub_command: RunHub, tmp_path: Path, content: str, name: str, told: str
) -> None:
    (tmp_path / "a.json").write_text(content)
    result = await hub_command("workflows", "import", str(tmp_path / "a.json"), "--name", name)
    assert (result.code, told in result.err) == (1, True), result.err
