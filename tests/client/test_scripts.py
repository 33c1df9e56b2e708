"""The scripts of examples/, and one as people write them for ComfyUI, run as processes."""

import asyncio
import sys
from pathlib import Path

import pytest

from hub.app import Hub

SCRIPTS = Path(__file__).parents[2] / "examples" / "scripts"
STOCK = """
import json
from urllib import request

prompt_text = '''
{
    "3": {"class_type": "EmptyImage",
          "inputs": {"width": 64, "height": 64, "batch_size": 1, "color": 1}},
    "9": {"class_type": "SaveImage",
          "inputs": {"filename_prefix": "stock", "images": ["3", 0]}}
}
'''

def queue_prompt(prompt):
    p = {"prompt": prompt}
    data = json.dumps(p).encode("utf-8")
    req = request.Request("http://127.0.0.1:8188/prompt", data=data)
    request.urlopen(req)

prompt = json.loads(prompt_text)
prompt["3"]["inputs"]["color"] = 5
prompt["9"]["inputs"]["filename_prefix"] = "changed"
queue_prompt(prompt)
"""


async def told_by(*command: str | Path) -> list[str]:
    """What a script writes, line by line; it must end well."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    out, err = await process.communicate()
    assert process.returncode == 0, err.decode()
    return out.decode().splitlines()


def test_every_script_is_tried_here_and_told_of() -> None:
    names = {path.name for path in SCRIPTS.glob("*.py")}
    assert names == {"basic.py", "over_websocket.py", "client.py", "async_client.py"}
    readme = (SCRIPTS.parent / "README.md").read_text()
    assert [name for name in names if f"`{name}`" not in readme] == []


async def test_the_basic_script_waits_for_its_picture(hub: Hub) -> None:
    lines = await told_by(SCRIPTS / "basic.py", hub.address)
    assert lines == ["node 2: basic_00001_.png in the folder output"]


async def test_the_websocket_script_saves_its_picture(hub: Hub, tmp_path: Path) -> None:
    pytest.importorskip("websocket")
    lines = await told_by(SCRIPTS / "over_websocket.py", hub.address, tmp_path)
    picture = tmp_path / "websocket_00001_.png"
    assert lines == ["node 2 is carried out", f"saved {picture}"]
    assert picture.read_bytes().startswith(b"\x89PNG")


async def test_the_script_with_the_client_runs_a_workflow(hub: Hub, tmp_path: Path) -> None:
    lines = await told_by(SCRIPTS / "client.py", hub.address, tmp_path, "plain", "prefix=mine")
    assert lines == [f"saved {tmp_path / 'mine_00001_.png'}"]


async def test_the_script_with_asyncio_runs_three_at_once(hub: Hub, tmp_path: Path) -> None:
    lines = await told_by(SCRIPTS / "async_client.py", hub.address, tmp_path, "plain")
    assert sorted(line for line in lines if "succeeded" in line) == [
        f"{number}: succeeded" for number in range(3)
    ]
    assert len(list(tmp_path.glob("*.png"))) == 3


async def test_a_script_made_for_comfyui_runs_as_it_is(hub: Hub, tmp_path: Path) -> None:
    script = tmp_path / "stock.py"
    script.write_text(STOCK.replace("127.0.0.1:8188", hub.address.removeprefix("http://")))
    await told_by(script)
    run = await hub.runs.wait((await hub.books.runs.get("1")).id)
    [output] = await hub.books.outputs.of_run(run.id)
    assert output.path.name == "changed_00001_.png"
    assert run.graph["3"]["inputs"]["color"] == 5
