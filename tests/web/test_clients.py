"""Programs that others wrote for ComfyUI, as they are, against the hub.

`script/clients FOLDER` installs them, and `HUB_CLIENTS` names the folder.
"""

import asyncio
import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from hub.app import Hub
from tests.web.client import Client
from tests.web.configuration import plain_graph
from tests.web.prompts import TAKEN, begin

CLIENTS = Path(os.environ.get("HUB_CLIENTS", "/nonexistent"))
COMFY = CLIENTS / "python" / "bin" / "comfy"
SDK = CLIENTS / "node_modules"
HERE = Path(__file__).parent
SIMPLIFIED = """
import json, sys
from comfy_api_simplified import ComfyApiWrapper, ComfyWorkflowWrapper
address, graph = sys.argv[1:]
hub, workflow = ComfyApiWrapper(address), ComfyWorkflowWrapper(graph)
workflow.set_node_param("Save", "filename_prefix", "simplified")
images = hub.queue_and_wait_images(workflow, "Save")
told = {
    "bytes": {name: len(content) for name, content in images.items()},
    "uploaded": hub.upload_image(graph)["name"],
    "queue": hub.get_queue(),
    "classes": list(hub.get_object_info("SaveImage")),
}
print(json.dumps(told))
"""
WORKFLOW_CLIENT = """
import json, sys
from PIL import Image
from comfyuiclient import ComfyUIClient
address, graph = sys.argv[1:]
client = ComfyUIClient(address.removeprefix("http://"), graph)
client.connect()
client.set_data(key="Load", image=Image.new("RGB", (10, 10)))
made = client.generate(["Save"])
client.close()
print(json.dumps({title: picture.size for title, picture in made.items()}))
"""
COMFY_SCRIPT = """
import json, sys, threading
from urllib.request import Request, urlopen
from comfy_script.runtime import Workflow, load, queue
address, hanging = sys.argv[1:]
listens = threading.Event()
queue.add_queue_remaining_callback(lambda remaining: listens.set())  # other runs are there
load(address)
from comfy_script.runtime.nodes import EmptyImage, SaveImage
with Workflow():
    saved = SaveImage(EmptyImage(64, 64, 1, 255), "scripted")
assert listens.wait(60)
urlopen(Request(f"{address}/api/hub/runs/{hanging}/cancel", method="POST")).close()
print(json.dumps([picture.size for picture in saved.wait().wait()]))
"""
SIZE = [8, 8]  # of what the worker of the tests draws

pytestmark = pytest.mark.slow


async def output_of(*command: object, home: Path, **environment: str) -> str:
    """What a program tells that ends well; it sees nothing of the settings of who runs the test."""
    process = await asyncio.create_subprocess_exec(
        *map(str, command),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        cwd=home,
        env={"PATH": os.environ["PATH"], "HOME": str(home), "DO_NOT_TRACK": "1", **environment},
    )
    told, complained = await asyncio.wait_for(process.communicate(), 300)
    assert process.returncode == 0, told + complained
    return told.decode()


async def python(program: str, *arguments: object, home: Path) -> Any:
    """What a program tells at its end, as JSON, with the packages of PyPI."""
    file = home / "program.py"
    await asyncio.to_thread(file.write_text, program)
    told = await output_of(COMFY.with_name("python"), file, *arguments, home=home)
    return json.loads(told.splitlines()[-1])


async def script(name: str, *arguments: object, home: Path) -> dict[str, Any]:
    """What a script beside this file tells at its end, with the packages of npm."""
    (home / "node_modules").symlink_to(SDK)
    for file in (name, "held_up.mjs"):
        await asyncio.to_thread(shutil.copy, HERE / file, home)
    told = await output_of("node", name, *arguments, home=home)
    last: dict[str, Any] = json.loads(told.splitlines()[-1])
    return last


async def busy(client: Client, hub: Hub) -> str:
    """Has the worker carry out all that it takes at once, for somebody else; a further run begins
    only when this one of them is cancelled."""
    first, *_ = [await begin(client, hub, client_id="somebody else") for _ in range(TAKEN)]
    return first


def titled_graph(folder: Path) -> Path:
    """A graph in a file, as the editor exports it."""
    graph = plain_graph()
    for node, title in (("1", "Picture"), ("2", "Save")):
        graph[node]["_meta"] = {"title": title}
    file = folder / "graph.json"
    file.write_text(json.dumps(graph))
    return file


async def comfy(hub: Hub, home: Path, *arguments: object) -> dict[str, Any]:
    """What a command of comfy-cli gives."""
    told = await output_of(
        COMFY, "--skip-prompt", "--json", *arguments, home=home, COMFY_LOCAL_URL=hub.address
    )
    envelope = json.loads(told)
    assert envelope["ok"], envelope
    data: dict[str, Any] = envelope["data"]
    return data


@pytest.mark.skipif(not COMFY.exists(), reason="HUB_CLIENTS names no folder with comfy-cli")
async def test_comfy_cli_runs_follows_validates_uploads_and_downloads(
    hub: Hub, client: Client, tmp_path: Path
) -> None:
    graph = tmp_path / "graph.json"
    await asyncio.to_thread(graph.write_text, json.dumps(plain_graph()))
    checked = await comfy(hub, tmp_path, "workflow", "validate", "--workflow", graph)
    assert (checked["valid"], checked["errors"]) == (True, [])
    host, _, port = hub.address.removeprefix("http://").partition(":")
    there = ("--host", host, "--port", port)
    run = await comfy(hub, tmp_path, "run", "--workflow", graph, "--wait", *there)
    assert run["status"] == "completed"
    assert run["outputs"] == [
        f"{hub.address}/view?filename=plain_00001_.png&subfolder=&type=output"
    ]
    listed = await comfy(hub, tmp_path, "jobs", "ls")
    assert [job["prompt_id"] for job in listed["jobs"]] == [run["prompt_id"]]
    job = await comfy(hub, tmp_path, "jobs", "status", run["prompt_id"])
    assert (job["status"], job["outputs"]) == ("completed", run["outputs"])
    uploaded = await comfy(hub, tmp_path, "upload", graph, *there)
    assert uploaded["uploads"][0]["cloud_name"] == "graph.json"
    downloaded = await comfy(hub, tmp_path, "download", run["prompt_id"], "--out-dir", "got")
    (file,) = downloaded["files"]
    output = hub.configuration.folders.output / "plain_00001_.png"
    assert Path(file["path"]).read_bytes() == output.read_bytes()
    stats = await comfy(hub, tmp_path, "system-stats")
    assert stats["system"].keys() == (await client.get("/system_stats"))[1]["system"].keys()


@pytest.mark.skipif(not SDK.exists(), reason="HUB_CLIENTS names no folder with comfyui-sdk")
async def test_comfyui_sdk_uploads_runs_and_fetches(hub: Hub, tmp_path: Path) -> None:
    told = await script("comfyui_sdk.mjs", hub.address, home=tmp_path)
    output = hub.configuration.folders.output / "plain_00001_.png"
    assert told == {
        "heard": ["pending", "finished"],
        "image": {"filename": "plain_00001_.png", "subfolder": "", "type": "output"},
        "bytes": output.stat().st_size,
        "uploaded": "up.png",
        "system": "linux",
        "history": 1,
        "running": 0,
    }


@pytest.mark.skipif(not SDK.exists(), reason="HUB_CLIENTS names no folder with comfy-ui-client")
async def test_comfy_ui_client_runs_fetches_and_uploads(
    hub: Hub, client: Client, tmp_path: Path
) -> None:
    graph = await asyncio.to_thread(titled_graph, tmp_path)
    told = await script(
        "comfy_ui_client.mjs", hub.address, graph, await busy(client, hub), home=tmp_path
    )
    output = hub.configuration.folders.output / "plain_00001_.png"
    assert told == {
        "images": [{"filename": "plain_00001_.png", "subfolder": "", "type": "output"}],
        "bytes": output.stat().st_size,
        "uploaded": {"name": "up.png", "subfolder": "", "type": "input"},
        "waiting": 0,
        "history": 1,
    }


@pytest.mark.skipif(not SDK.exists(), reason="HUB_CLIENTS names no folder with @stable-canvas")
async def test_stable_canvas_follows_a_run_to_its_pictures(
    hub: Hub, client: Client, tmp_path: Path
) -> None:
    graph = await asyncio.to_thread(titled_graph, tmp_path)
    told = await script(
        "stable_canvas.mjs", hub.address, graph, await busy(client, hub), home=tmp_path
    )
    assert told == {
        "images": [f"{hub.address}/view?filename=plain_00001_.png&subfolder=&type=output"],
        "history": 1,
        "waiting": 0,
    }


@pytest.mark.skipif(not COMFY.exists(), reason="HUB_CLIENTS names no folder with these packages")
async def test_comfy_api_simplified_runs_waits_and_uploads(hub: Hub, tmp_path: Path) -> None:
    graph = await asyncio.to_thread(titled_graph, tmp_path)
    told = await python(SIMPLIFIED, hub.address, graph, home=tmp_path)
    output = hub.configuration.folders.output / "simplified_00001_.png"
    assert told == {
        "bytes": {output.name: output.stat().st_size},
        "uploaded": "graph.json",
        "queue": {"queue_running": [], "queue_pending": []},
        "classes": ["SaveImage"],
    }


@pytest.mark.skipif(not COMFY.exists(), reason="HUB_CLIENTS names no folder with these packages")
async def test_comfyui_workflow_client_sends_a_picture_and_fetches_another(
    hub: Hub, tmp_path: Path
) -> None:
    graph = plain_graph()
    graph["1"] = {"class_type": "LoadImage", "inputs": {"image": ""}, "_meta": {"title": "Load"}}
    graph["2"]["_meta"] = {"title": "Save"}
    file = tmp_path / "graph.json"
    await asyncio.to_thread(file.write_text, json.dumps(graph))
    assert await python(WORKFLOW_CLIENT, hub.address, file, home=tmp_path) == {"Save": SIZE}


@pytest.mark.skipif(not COMFY.exists(), reason="HUB_CLIENTS names no folder with these packages")
async def test_comfy_script_makes_functions_of_all_classes_and_runs_them(
    hub: Hub, client: Client, tmp_path: Path
) -> None:
    """It does not wait until it listens before it asks for a run."""
    hanging = await busy(client, hub)
    assert await python(COMFY_SCRIPT, hub.address, hanging, home=tmp_path) == [SIZE]
