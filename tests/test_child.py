"""Child processes whose hub is gone."""

import json
import socket
import subprocess
import sys

import msgspec
import pytest

from hub.probe.messages import Inspect
from hub.wire import frame, receive_frame

TEMPLATE = {"source": "{{ 1 + 1 }}", "variables": {}, "native": True, "facts": []}
TEMPLATE |= {"now": "2026-01-01T00:00:00+00:00", "zone": "UTC"}
RENDERS = ["hub.automations.template_process", "--memory-limit", str(1 << 30)]
RENDERS += ["--output-limit", "100", "--deadline", "100"]
PROBES = ["hub.probe.process", "--memory", str(1 << 30)]


@pytest.mark.parametrize("asked", [True, False], ids=["asked", "idle"])
@pytest.mark.parametrize(
    ("command", "question"),
    [
        (RENDERS, json.dumps(TEMPLATE).encode()),
        (PROBES, msgspec.msgpack.encode([Inspect(path=b"/nowhere")])),
    ],
    ids=["templates", "probe"],
)
def test_a_child_without_a_hub_ends_without_a_word(
    command: list[str], question: bytes, *, asked: bool
) -> None:
    ours, theirs = socket.socketpair()
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-m", *command, "--socket", str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
    if command is RENDERS:
        assert receive_frame(ours) == b"ready"
    if asked:
        ours.sendall(frame(question))
    ours.close()
    output, _ = process.communicate()
    assert (process.returncode, output) == (0, b"")
