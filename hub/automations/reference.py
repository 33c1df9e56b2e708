"""Writes the tables of settings of automations, conditions and actions into the documentation.

    python -m hub.automations.reference docs/automations.md

The tables are made from the declarations, and a test holds them up to date.
"""

import sys
from pathlib import Path

from hub.automations.actions.automation_trigger import TriggerData
from hub.automations.actions.file_delete import FileDeleteData
from hub.automations.actions.file_placing import PlaceData
from hub.automations.actions.notify import NotifyData
from hub.automations.actions.webhook_post import WebhookPostData
from hub.automations.actions.workflow_run import WorkflowRunData
from hub.automations.after import After
from hub.automations.automation import Automation
from hub.automations.conditions.hub import HubCondition
from hub.automations.conditions.media import MediaCondition
from hub.automations.conditions.state import StateCondition
from hub.automations.conditions.time import TimeCondition
from hub.automations.conditions.trigger import TriggerCondition
from hub.automations.retry import Retry
from hub.config.reference import with_table

_COMMAND = "python -m hub.automations.reference docs/automations.md"
TABLES = {
    "automation": Automation,
    "after": After,
    "retry": Retry,
    "workflow.run": WorkflowRunData,
    "file.move and file.copy": PlaceData,
    "file.delete": FileDeleteData,
    "webhook.post": WebhookPostData,
    "notify": NotifyData,
    "automation.trigger": TriggerData,
    "time": TimeCondition,
    "media": MediaCondition,
    "hub": HubCondition,
    "trigger": TriggerCondition,
    "state": StateCondition,
}


def with_tables(document: str) -> str:
    """The document with all its tables made anew."""
    for name, declared in TABLES.items():
        document = with_table(document, name, _COMMAND, declared)
    return document


if __name__ == "__main__":
    page = Path(sys.argv[1])
    page.write_text(with_tables(page.read_text("utf-8")), "utf-8")
