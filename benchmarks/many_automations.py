"""How long a thousand automations take to be read and checked, alone and with the command."""

import asyncio
import statistics
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.figure import Figure
from hub.automations.loading import read_configuration

COUNT = 1000
TIMES = 5
_WORKFLOW = """{
  "1": {"class_type": "LoadImage", "inputs": {"image": "?"}},
  "2": {"class_type": "SaveImage", "inputs": {"images": ["1", 0], "filename_prefix": "p"}}
}"""
_SIDECAR = """
parameters:
  image: {node: "1", input: image, type: image, required: true}
  prefix: {node: "2", input: filename_prefix, type: text, default: p}
"""
_TRIGGERS = (
    '{trigger: folder, id: inbox, path: inbox/%(n)d, patterns: ["*.jpg", "*.png"], settle: 5s}',
    '{trigger: schedule, id: nightly, cron: "%(minute)d 3 * * mon-fri", missed: run_once}',
    "{trigger: schedule, id: often, every: 1h30m}",
    "{trigger: webhook, id: hook, webhook_id: a-long-and-secret-address-of-webhook-%(n)d}",
)
# What each of them gives: a file, and something to name the result by.
_GIVES = (
    ("trigger.path", "trigger.stem"),
    ("'inbox/nightly.png'", "trigger.scheduled_at"),
    ("'inbox/often.png'", "trigger.scheduled_at"),
    ("trigger.json.path", "trigger.delivery_id"),
)
_PLAIN = """
  actions:
    - action: workflow.run
      data:
        workflow: workflow_%(workflow)d
        parameters: {image: "{{ %(path)s }}", prefix: "{{ %(name)s | slugify }}_%(n)d"}
      response_variable: result
    - action: output.save
      data: {outputs: "{{ result.outputs }}", path: "out/{{ %(name)s }}_{{ loop.index }}.png"}
"""
_BLOCKS = """
  actions:
    - choose:
        - conditions:
            - "{{ trigger.id == 'inbox' and now().hour < %(minute)d }}"
            - {condition: time, after: "22:00", before: "06:00"}
          sequence:
            - variables: {prefix: "{{ trigger.id | upper }}_%(n)d"}
            - delay: {minutes: 5}
        - conditions: "{{ trigger.id is defined }}"
          sequence:
            - repeat:
                count: 3
                sequence:
                  - action: workflow.run
                    data:
                      workflow: workflow_%(workflow)d
                      parameters: {image: inbox/a.png, prefix: "{{ repeat.index }}_%(n)d"}
      default:
        - stop: nothing to do
    - parallel:
        - action: output.find
          data: {since: 1h}
          response_variable: found
        - sequence:
            - wait_template: "{{ true }}"
              timeout: 30s
"""


async def measure(work: Path) -> list[Figure]:
    config = work / "config"
    write_configuration(config)
    times = [await asyncio.to_thread(_read, config) for _ in range(TIMES)]
    commands = [await asyncio.to_thread(_check, config) for _ in range(3)]
    return [
        Figure(
            what=f"{COUNT:,} automations read and checked (first, then the best of {TIMES})",
            value=f"{times[0]:.2f} s, {min(times):.2f} s",
            hold="< 1 s",
        ),
        Figure(
            what="`hub check` of them, start of the command included",
            value=f"{statistics.median(commands):.2f} s",
        ),
    ]


def write_configuration(config: Path) -> None:
    """A thousand automations, of all kinds of triggers, with conditions and blocks."""
    (config / "workflows").mkdir(parents=True)
    (config / "hub.yaml").write_text("folders: {allow: [inbox, out]}\n")
    for number in range(20):
        (config / "workflows" / f"workflow_{number}.json").write_text(_WORKFLOW)
        (config / "workflows" / f"workflow_{number}.yaml").write_text(_SIDECAR)
    (config / "automations.yaml").write_text("".join(map(_automation, range(COUNT))))


def _automation(number: int) -> str:
    trigger = _TRIGGERS[number % len(_TRIGGERS)]
    media = "    - {condition: media, max_width: 2048}\n" if number % len(_TRIGGERS) == 0 else ""
    text = f"""- id: automation_%(n)d
  alias: Number %(n)d
  mode: queued
  variables: {{style: "{{{{ trigger.id }}}}", number: %(n)d}}
  triggers:
    - {trigger}
  conditions:
    - "{{{{ trigger.id is defined and states is not defined }}}}"
    - or:
        - {{condition: time, after: "08:00", before: "20:00", weekday: [mon, tue]}}
        - not: "{{{{ now().minute == %(minute)d }}}}"
{media}"""
    text += (_PLAIN if number % 3 else _BLOCKS).lstrip("\n")
    path, name = _GIVES[number % len(_GIVES)]
    numbers = {"n": number, "minute": number % 60, "workflow": number % 20}
    return text % {**numbers, "path": path, "name": name}


def _read(config: Path) -> float:
    begun = time.perf_counter()
    configuration = read_configuration(config)
    seconds = time.perf_counter() - begun
    assert not configuration.problems, configuration.problems[0]
    assert len(configuration.automations) == COUNT
    return seconds


def _check(config: Path) -> float:
    begun = time.perf_counter()
    command = [sys.executable, "-m", "hub.cli", "check", "--config", str(config)]
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - begun
