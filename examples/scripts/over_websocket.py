"""Posts a graph to a hub, follows it over ComfyUI's WebSocket, and saves its pictures."""

import json
import random
import sys
import uuid
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from websocket import create_connection

ADDRESS = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8188"
FOLDER = Path(sys.argv[2] if len(sys.argv) > 2 else ".")
CLIENT = str(uuid.uuid4())

PROMPT = {
    "1": {
        "class_type": "EmptyImage",
        "inputs": {"width": 256, "height": 256, "batch_size": 1, "color": 0},
    },
    "2": {
        "class_type": "SaveImage",
        "inputs": {"images": ["1", 0], "filename_prefix": "websocket"},
    },
}


def queue(prompt):
    body = json.dumps({"prompt": prompt, "client_id": CLIENT}).encode()
    with urlopen(Request(f"{ADDRESS}/prompt", data=body)) as answer:
        return json.load(answer)["prompt_id"]


def follow(socket, run):
    """Tell what happens; ends with the run."""
    while True:
        message = socket.recv()
        if isinstance(message, bytes):  # a preview
            continue
        told = json.loads(message)
        data = told["data"]
        if told["type"] == "progress":
            print(f"node {data['node']}: {data['value']} of {data['max']}")
        elif told["type"] == "execution_error" and data["prompt_id"] == run:
            raise SystemExit(f"It failed: {data['exception_message']}")
        elif told["type"] == "executing" and data["prompt_id"] == run:
            if data["node"] is None:
                return
            print(f"node {data['node']} is carried out")


def save_pictures(run):
    with urlopen(f"{ADDRESS}/history/{run}") as answer:
        outputs = json.load(answer)[run]["outputs"]
    for shown in outputs.values():
        for image in shown.get("images", []):
            with urlopen(f"{ADDRESS}/view?{urlencode(image)}") as answer:
                path = FOLDER / image["filename"]
                path.write_bytes(answer.read())
            print(f"saved {path}")


PROMPT["1"]["inputs"]["color"] = random.randrange(1 << 24)
connection = create_connection(f"{ADDRESS.replace('http', 'ws', 1)}/ws?clientId={CLIENT}")
identity = queue(PROMPT)
follow(connection, identity)
connection.close()
save_pictures(identity)
