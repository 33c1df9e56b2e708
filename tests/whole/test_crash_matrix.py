"""Kill the hub anywhere, whatever started it and in whichever kind of step: each event comes to one
finished firing, each run to one set of outputs, each copy to one file."""

import json
import re
import sqlite3
import urllib.error
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest

import hub
from tests.whole import test_killed_in_an_action, test_retention_killed, test_way_of_one_photo
from tests.whole.hub_process import names, rows, running_hub, wait_for_row

GRAPH = {
    "1": {
        "class_type": "EmptyImage",
        "inputs": {"width": 8, "height": 8, "batch_size": 1, "color": 0},
    },
    "2": {"class_type": "SaveImage", "inputs": {"images": ["1", 0], "filename_prefix": "card"}},
}
SIDECAR = "parameters: {color: {node: '1', input: color, type: integer, default: 0}}\n"
HOOK = "a-long-and-secret-address-of-a-webhook"
WEBHOOK = f"{{trigger: webhook, webhook_id: {HOOK}, idempotency: Delivery}}"
# So seldom that hardly a test sees one of its moments come by itself.
SCHEDULE = "{trigger: schedule, every: 30d, max_age: 60d}"
EARLIER = 30 * 86_400_000_000  # microseconds
SCRIPT = """
    - delay: 0.05s
    - choose:
        - conditions: "{{ true }}"
          sequence: [RUN, SAVE chosen]
    - repeat:
        count: 2
        sequence: [RUN, SAVE repeated]
    - parallel:
        - sequence: [RUN, SAVE parallel]
        - RUN
"""
RUN = "{action: workflow.run, data: {workflow: card}, response_variable: result}"
SAVE = (
    "{action: output.save,"
    r' data: {outputs: "{{ result.outputs }}", path: "out/\1{{ output.suffix }}"}}'
)
COPIES = ["chosen.png", "parallel.png", "repeated (1).png", "repeated.png"]
RUNS = 5
STEPS = 10

EARLY = [
    ("webhook", "after_event"),
    ("schedule", "before_event"),
    ("webhook", "after_decision:2"),
    ("webhook", "after_step_ended:5"),
]
INTAKE = ["before_event", "after_event", "before_firing", "after_firing", "after_firing_ended"]
WHILE_RUNNING = ["after_starting", "after_begun", "after_execution"]
ALL_OTHERS = [
    row
    for row in [
        *((trigger, point) for trigger in ("webhook", "schedule") for point in INTAKE),
        *(("webhook", f"after_step_begun:{count}") for count in range(1, STEPS + 1, 2)),
        *(("webhook", f"after_step_ended:{count}") for count in range(2, STEPS + 1, 2)),
        *(("webhook", f"after_decision:{count}") for count in (1, 2)),
        *(("webhook", f"{point}:{count}") for point in WHILE_RUNNING for count in (2, RUNS)),
        # The runs of the parallel branches, the last two, may be published together.
        *(("webhook", f"before_publish:{count}") for count in (2, RUNS - 1)),
        *(("webhook", f"after_reserve:{count}") for count in (2, 5, 8)),
        *(("webhook", f"after_link:{count}") for count in (2, 5, 8)),
    ]
    if row not in EARLY
]


def test_every_crash_point_has_its_row() -> None:
    sources = (path.read_text() for path in Path(hub.__path__[0]).rglob("*.py"))
    named = {name for text in sources for name in re.findall(r'crash_point\("(\w+)"\)', text)}
    here = [point for _, point in [*EARLY, *ALL_OTHERS]]
    photo = [*test_way_of_one_photo.EARLY, *test_way_of_one_photo.ALL_OTHERS]
    tested = [*here, *photo, *test_retention_killed.POINTS, *test_killed_in_an_action.CRASH_POINTS]
    assert named == {row.partition(":")[0] for row in tested}


def write_configuration(config: Path, trigger: str) -> None:
    """One automation that goes through every kind of step."""
    chosen = SCHEDULE if trigger == "schedule" else WEBHOOK
    script = re.sub(r"SAVE (\w+)", SAVE, SCRIPT).replace("RUN", RUN)
    for folder in ("out", "workflows"):
        (config / folder).mkdir(parents=True)
    (config / "hub.yaml").write_text("folders: {allow: [out]}\n")
    (config / "workflows/card.json").write_text(json.dumps(GRAPH))
    (config / "workflows/card.yaml").write_text(SIDECAR)
    (config / "automations.yaml").write_text(
        f"- id: cards\n  mode: queued\n  triggers: [{chosen}]\n  actions:{script}"
    )


def make_overdue(config: Path) -> None:
    """The schedule's next moment has passed when the hub starts."""
    with running_hub(config) as running:
        assert running.wait_for("ready")
        wait_for_row(config, "SELECT 1 FROM occurrences")
        running.process.terminate()
        running.process.wait()
    with closing(sqlite3.connect(config / "data" / "hub.sqlite")) as connection, connection:
        changed = connection.execute(
            "UPDATE occurrences SET scheduled_at = scheduled_at - ?", [EARLIER]
        )
        assert changed.rowcount == 1


def deliver(ready: str) -> bool:
    """Post the one delivery; whether the hub said that it has it."""
    address = f"{ready.split()[1]}/api/webhook/{HOOK}"
    request = urllib.request.Request(address, b"{}", {"Delivery": "the-one"}, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            return bool(response.status == 202)
    except urllib.error.HTTPError:
        raise
    except OSError:  # it died before it could answer
        return False


def go_through(config: Path, trigger: str, crash_at: str) -> None:
    """Die at the point, start again, and see it through, as a caller who repeats himself until he
    is answered would see it."""
    write_configuration(config, trigger)
    if trigger == "schedule":
        make_overdue(config)
    with running_hub(config, crash_at=crash_at) as running:
        ready = running.wait_for("ready")
        delivered = trigger != "webhook" or deliver(ready)
        assert running.wait_for("never") == ""
        assert running.process.returncode == -9
    with running_hub(config) as running:
        ready = running.wait_for("ready")
        assert delivered or deliver(ready)
        if rows(config, "SELECT 1 FROM firings WHERE ended_at IS NOT NULL") == []:
            assert running.wait_for("firing") == "firing succeeded"


def assert_one_of_everything(config: Path) -> None:
    assert rows(config, "SELECT count(*) FROM events") == [(1,)]
    assert rows(config, "SELECT state FROM firings") == [("succeeded",)]
    assert rows(config, "SELECT state, count(*) FROM runs GROUP BY state") == [("succeeded", RUNS)]
    assert rows(config, "SELECT count(*) FROM outputs") == [(RUNS,)]
    assert rows(config, "SELECT count(*) FROM placements WHERE NOT done") == [(0,)]
    assert len(names(config / "data" / "output")) == RUNS
    assert names(config / "out") == COPIES


@pytest.mark.parametrize(("trigger", "crash_at"), EARLY)
def test_one_event_is_one_firing_wherever_the_hub_is_killed(
    tmp_path: Path, trigger: str, crash_at: str
) -> None:
    go_through(tmp_path, trigger, crash_at)
    assert_one_of_everything(tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize(("trigger", "crash_at"), ALL_OTHERS)
def test_the_same_at_every_other_point(tmp_path: Path, trigger: str, crash_at: str) -> None:
    go_through(tmp_path, trigger, crash_at)
    assert_one_of_everything(tmp_path)
