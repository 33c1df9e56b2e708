"""Runs a saved workflow by its name, and saves what it produced.

python client.py ADDRESS FOLDER WORKFLOW NAME=VALUE…
"""

import sys

from hub.client import Client

address = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8188"
folder = sys.argv[2] if len(sys.argv) > 2 else "."
workflow, *values = sys.argv[3:] or ["card", "title=Hello"]
parameters = dict(value.split("=", 1) for value in values)

with Client(address) as hub:
    run = hub.run(workflow, parameters)
    for output in run.outputs:
        print(f"saved {hub.save(output, folder)}")
