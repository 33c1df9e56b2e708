"""A database with a long history, written at once: as the hub would have written it over years."""

import hashlib
import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any

from hub.storage.migrating import migrate
from hub.storage.tables import metadata

AUTOMATIONS = 50
WORKFLOWS = 20
RARE = 10_000  # one run in so many is of the workflow and the automation called `rare`
PROGRESS_OF_A_RUN = 10
BEGAN = 1_600_000_000_000_000  # microseconds since 1970
APART = 60_000_000  # a run a minute
_AT_ONCE = 20_000


def write_history(database: Path, runs: int, inbox: Path) -> None:
    """`runs` runs, nearly all ended, each with a firing, an event, an output, three nodes and ten
    points of progress, a moment of a schedule, and a file of `inbox` that it was about."""
    migrate(database)
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("PRAGMA cache_size=-400000")
        connection.execute("BEGIN")
        for first in range(1, runs + 1, _AT_ONCE):
            numbers = range(first, min(first + _AT_ONCE, runs + 1))
            for table, rows in _ROWS.items():
                _insert(connection, table, (row for n in numbers for row in rows(n, inbox)))
        connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with database.open("rb+") as written:
        os.fsync(written)  # or whoever comes next shares the disk with what is still to be written


def _insert(connection: sqlite3.Connection, table: str, rows: Iterator[dict[str, Any]]) -> None:
    columns = [
        c.name
        for c in metadata.tables[table].columns
        if c.computed is None and not c.server_default
    ]
    names = ", ".join(f'"{name}"' for name in columns)
    statement = f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(columns))})"
    while piece := list(islice(rows, _AT_ONCE)):
        connection.executemany(statement, [[row.get(name) for name in columns] for row in piece])


def moment(number: int) -> int:
    return BEGAN + number * APART


def automation(number: int) -> str:
    return "rare" if number % RARE == 0 else f"automation_{number % AUTOMATIONS}"


def workflow(number: int) -> str:
    return "rare" if number % RARE == 0 else f"workflow_{number % WORKFLOWS}"


def state(number: int) -> str:
    return {3: "failed", 57: "failed", 91: "cancelled"}.get(number % 100, "succeeded")


def _sha256(number: int) -> str:
    return hashlib.sha256(str(number).encode()).hexdigest()


def _graph(number: int, inbox: Path) -> Iterator[dict[str, Any]]:
    nodes = {
        "1": {"class_type": "LoadImage", "inputs": {"image": f"{_sha256(number)}.jpg"}},
        "2": {
            "class_type": "ImageScale",
            "inputs": {
                "image": ["1", 0],
                "upscale_method": "lanczos",
                "width": 1024,
                "height": 768,
                "crop": "disabled",
            },
        },
        "3": {"class_type": "SaveImage", "inputs": {"images": ["2", 0], "filename_prefix": "p"}},
    }
    yield {"hash": _sha256(-number), "graph": json.dumps(nodes)}


def _event(number: int, inbox: Path) -> Iterator[dict[str, Any]]:
    path = f"{inbox}/{number}.jpg"
    yield {
        "number": number,
        "id": f"event-{number}",
        "automation": automation(number),
        "trigger": "0",
        "platform": "folder",
        "key": path,
        "observed_at": moment(number),
        "offered": True,
        "variables": json.dumps({"path": path, "input": f"{_sha256(number)}.jpg"}),
    }


def _firing(number: int, inbox: Path) -> Iterator[dict[str, Any]]:
    yield {
        "number": number,
        "id": f"firing-{number}",
        "event": f"event-{number}",
        "automation": automation(number),
        "state": "failed" if state(number) == "failed" else "succeeded",
        "verdicts": "[]",
        "definition": '{"actions":[]}',
        "created_at": moment(number),
        "ended_at": moment(number) + 5,
    }


def _step(number: int, inbox: Path) -> Iterator[dict[str, Any]]:
    yield {
        "firing": f"firing-{number}",
        "key": "actions/0",
        "action": "workflow.run",
        "state": "succeeded",
        "started_at": moment(number),
        "ended_at": moment(number) + 5,
        "result": json.dumps({"outputs": [{"path": f"{inbox}/out/{number}.png"}]}),
    }


def _run(number: int, inbox: Path) -> Iterator[dict[str, Any]]:
    yield {
        "number": number,
        "id": f"00000000-0000-4000-8000-{number:012}",
        "state": state(number),
        # Every second one counts as posted by a ComfyUI client, whose lists are long then too.
        "origin": "prompt" if number % 2 else "automation",
        "workflow": workflow(number),
        "graph": _sha256(-number),
        "parameters": json.dumps({"image": f"{_sha256(number)}.jpg"}),
        "targets": '["3"]',
        "priority": 0,
        "position": float(number),
        "automation": automation(number),
        "firing": f"firing-{number}",
        "step": "actions/0",
        "extra": "{}",
        "created_at": moment(number),
        "started_at": moment(number) + 1,
        "ended_at": moment(number) + 4,
        "attempt": 1,
        "deaths": 0,
        "suspect": False,
    }


def _nodes(number: int, inbox: Path) -> Iterator[dict[str, Any]]:
    for node, name in (("1", "LoadImage"), ("2", "ImageScale"), ("3", "SaveImage")):
        yield {
            "run": f"00000000-0000-4000-8000-{number:012}",
            "node": node,
            "class_type": name,
            "cached": False,
            "seconds": 0.1,
        }


def _progress(number: int, inbox: Path) -> Iterator[dict[str, Any]]:
    for point in range(PROGRESS_OF_A_RUN):
        yield {
            "run": f"00000000-0000-4000-8000-{number:012}",
            "attempt": 1,
            "node": "2",
            "value": point + 1,
            "maximum": PROGRESS_OF_A_RUN,
            "at": moment(number) + point,
        }


def _output(number: int, inbox: Path) -> Iterator[dict[str, Any]]:
    if state(number) == "succeeded":
        yield {
            "id": number,
            "run": f"00000000-0000-4000-8000-{number:012}",
            "node": "3",
            "index": 0,
            "kind": "image",
            "folder": "output",
            "path": f"{inbox}/out/{number}.png".encode(),
            "sha256": _sha256(number),
            "size": 1_000_000,
            "width": 1024,
            "height": 768,
            "created_at": moment(number) + 4,
        }


def _placement(number: int, inbox: Path) -> Iterator[dict[str, Any]]:
    for output in _output(number, inbox):
        yield {
            "number": number,
            "owner": output["run"],
            "slot": "3/0",
            "path": output["path"],
            "sha256": output["sha256"],
            "size": output["size"],
            "done": True,
            "gone": False,
        }


def _sighting(number: int, inbox: Path) -> Iterator[dict[str, Any]]:
    yield {
        "automation": automation(number),
        "trigger": "0",
        "path": f"{inbox}/{number}.jpg".encode(),
        "size": 1_000_000,
        "mtime_ns": moment(number) * 1000,
        "inode": number,
        "sha256": _sha256(number),
        "state": "admitted",
        "reason": "It was added.",
        "event": f"event-{number}",
        "seen_at": moment(number),
        "gone_at": moment(number) + 10,
    }


def _occurrence(number: int, inbox: Path) -> Iterator[dict[str, Any]]:
    yield {
        "automation": automation(number),
        "trigger": "1",
        "scheduled_at": moment(number),
        "state": "fired",
        "event": f"event-{number}",
    }


_ROWS = {
    "events": _event,
    "firings": _firing,
    "firing_steps": _step,
    "graphs": _graph,
    "runs": _run,
    "run_nodes": _nodes,
    "run_progress": _progress,
    "outputs": _output,
    "placements": _placement,
    "ledger": _sighting,
    "occurrences": _occurrence,
}
