"""`hub run`."""

import hashlib
import json
import signal
from pathlib import Path

import aiohttp
import pytest
from PIL import Image

from hub.app import Hub
from tests.cli.conftest import RunHub, start_command


async def test_a_run_prints_where_its_outputs_are(hub: Hub, hub_command: RunHub) -> None:
    result = await hub_command("run", "plain", "-p", "prefix=mine", "-p", "width=50")
    output = hub.configuration.folders.output / "mine_00001_.png"
    assert (result.code, result.out) == (0, f"{output}\n")
    assert "run 1" in result.err


async def test_a_failed_run_tells_why(hub: Hub, hub_command: RunHub) -> None:
    result = await hub_command("run", "plain", "-p", "behaviour=fail")
    assert (result.code, result.out) == (1, "")
    assert "Run 1 failed. Node 2 (SaveImage): It was asked to fail." in result.err


async def test_a_file_of_this_machine_is_uploaded(
    hub: Hub, hub_command: RunHub, tmp_path: Path
) -> None:
    picture = tmp_path / "näme 1.png"
    Image.new("RGB", (8, 8)).save(picture)
    stored = f"{hashlib.sha256(picture.read_bytes()).hexdigest()}.png"
    result = await hub_command("run", "photo", "-p", f"photo={picture}")
    assert result.code == 0, result.err
    run = await hub.books.runs.get("1")
    assert run.graph["1"]["inputs"]["image"] == stored


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["plian"], "There is no workflow 'plian'. Did you mean 'plain'?"),
        (["../status"], "There is no workflow '../status'."),
        (["plain", "-p", "width"], "'width' is no parameter: write -p name=value."),
        (["plain", "-p", "width=many"], "Parameter 'width' must be a number, not 'many'."),
        (["photo"], "Workflow 'photo' needs photo."),
        (["photo", "-p", "photo=no.png"], "Parameter 'photo': there is no file 'no.png', neither"),
    ],
)
async def test_what_cannot_be_run_is_told_in_one_sentence(
    hub: Hub, hub_command: RunHub, words: list[str], sentence: str
) -> None:
    result = await hub_command("run", *words)
    assert (result.code, result.out) == (1, "")
    assert result.err.startswith(f"Error: {sentence}")
    assert result.err.count("\n") == 1


async def test_ctrl_c_cancels_the_run_and_waits_until_it_has_stopped(
    hub: Hub, config: Path
) -> None:
    async with (
        aiohttp.ClientSession(hub.address) as session,
        session.ws_connect("/api/hub/notices") as notices,
    ):
        process = await start_command(config, "run", "plain", "-p", "behaviour=hang")
        while json.loads((await notices.receive()).data)["type"] != "RunStarted":
            pass
        process.send_signal(signal.SIGINT)
        _, err = await process.communicate()
    assert process.returncode == 130
    assert b"Traceback" not in err
    assert (await hub.books.runs.get("1")).state == "cancelled"
