"""Configuration folders for measuring what comes in, with an automation that does nothing."""

from pathlib import Path

_HUB = "folders: {allow: [./inbox]}\n"
_AUTOMATION = """
- id: measured
  mode: queued
  at_once: 16
  triggers:
    - %s
  actions:
    - {action: output.find, enabled: false, data: {since: 1h}}
"""


def write_configuration(config: Path, trigger: str) -> None:
    """`trigger` is a YAML mapping in one line."""
    (config / "inbox").mkdir(parents=True)
    (config / "hub.yaml").write_text(_HUB)
    (config / "automations.yaml").write_text(_AUTOMATION % trigger)
