"""A small configuration folder."""

import json
from pathlib import Path

SETTINGS = "folders: {allow: [inbox]}\n"
WEBHOOK = "4f" * 32
AUTOMATIONS = f"""
- id: photos
  alias: Photos
  triggers:
    - {{trigger: folder, id: inbox, path: inbox, settle: 0.05s, existing: process}}
  actions:
    - action: workflow.run
      data: {{workflow: photo, parameters: {{photo: "{{{{ trigger.path }}}}"}}}}
- id: asked
  variables: {{style: bold}}
  triggers:
    - {{trigger: webhook, webhook_id: {WEBHOOK}}}
  actions:
    - action: workflow.run
      data: {{workflow: plain, parameters: {{prefix: asked}}}}
"""
PHOTO = {
    "1": {"class_type": "LoadImage", "inputs": {"image": "?"}},
    "2": {
        "class_type": "SaveImage",
        "inputs": {"images": ["1", 0], "filename_prefix": "photo"},
    },
}
PHOTO_SIDECAR = """
parameters:
  photo: {node: "1", input: image, type: image, required: true}
"""
PLAIN_SIDECAR = """
title: Plain picture
parameters:
  prefix: {node: "2", input: filename_prefix, type: text, default: plain}
  width: {node: "1", input: width, type: integer, min: 1, max: 100}
  behaviour: {node: "2", input: fake, type: text}
"""


def plain_graph(**inputs: object) -> dict[str, dict[str, object]]:
    """One picture of one colour; `inputs` are given to the node that saves it."""
    return {
        "1": {
            "class_type": "EmptyImage",
            "inputs": {"width": 64, "height": 64, "batch_size": 1, "color": 255},
        },
        "2": {
            "class_type": "SaveImage",
            "inputs": {"images": ["1", 0], "filename_prefix": "plain", **inputs},
        },
    }


def write_configuration(folder: Path) -> None:
    """Workflows `photo` and `plain`, automations `photos` and `asked`."""
    for name in ("inbox", "workflows"):
        (folder / name).mkdir(parents=True)
    workflows = folder / "workflows"
    (folder / "hub.yaml").write_text(SETTINGS)
    (folder / "automations.yaml").write_text(AUTOMATIONS)
    (workflows / "photo.json").write_text(json.dumps(PHOTO))
    (workflows / "photo.yaml").write_text(PHOTO_SIDECAR)
    (workflows / "plain.json").write_text(json.dumps(plain_graph(fake="")))
    (workflows / "plain.yaml").write_text(PLAIN_SIDECAR)
