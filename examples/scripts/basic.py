"""Posts a graph to a hub, as a script for ComfyUI would, and waits until it is done."""

import json
import random
import sys
import time
import urllib.request

ADDRESS = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8188"

# A workflow in API format: in the editor "Workflow > Export (API)".
PROMPT = """
{
  "1": {"class_type": "EmptyImage",
        "inputs": {"width": 256, "height": 256, "batch_size": 1, "color": 0}},
  "2": {"class_type": "SaveImage",
        "inputs": {"images": ["1", 0], "filename_prefix": "basic"}}
}
"""


def post(path, body):
    request = urllib.request.Request(ADDRESS + path, data=json.dumps(body).encode())
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def get(path):
    with urllib.request.urlopen(ADDRESS + path) as answer:
        return json.load(answer)


prompt = json.loads(PROMPT)
prompt["1"]["inputs"]["color"] = random.randrange(1 << 24)

run = post("/prompt", {"prompt": prompt})["prompt_id"]
while not (history := get(f"/history/{run}")):
    time.sleep(0.2)

for node, shown in history[run]["outputs"].items():
    for image in shown.get("images", []):
        print(f"node {node}: {image['filename']} in the folder {image['type']}")
