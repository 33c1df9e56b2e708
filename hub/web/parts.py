"""What the web server serves from."""

from dataclasses import dataclass

from aiohttp import web

from hub.automations.happenings import Happenings
from hub.automations.live_configuration import LiveConfiguration
from hub.automations.rehearsal import Rehearsal
from hub.automations.supervisor import Supervisor
from hub.automations.why import Why
from hub.clock import Clock
from hub.config.folders import Folders
from hub.deliveries.courier import Courier
from hub.engine.engine import Engine
from hub.notices import Notices
from hub.probe.pool import ProbePool
from hub.retention.retention import Retention
from hub.runs.service import Runs
from hub.runs.workflow_runs import WorkflowRuns
from hub.storage.books import Books
from hub.triggers.webhook_registry import WebhookRegistry
from hub.web.door import Door
from hub.web.meter import Meter


@dataclass(frozen=True, kw_only=True, slots=True)
class Parts:
    """The parts of a hub that answer requests."""

    runs: Runs
    workflow_runs: WorkflowRuns
    courier: Courier
    books: Books
    engine: Engine
    supervisor: Supervisor
    why: Why
    happenings: Happenings
    rehearsal: Rehearsal
    live: LiveConfiguration
    retention: Retention
    webhooks: WebhookRegistry
    probe: ProbePool
    folders: Folders
    notices: Notices
    meter: Meter
    clock: Clock
    door: Door


PARTS = web.AppKey("parts", Parts)


def parts_of(request: web.Request) -> Parts:
    """The parts that a request is answered from."""
    return request.app[PARTS]
