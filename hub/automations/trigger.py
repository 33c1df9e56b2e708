"""All kinds of triggers, in one union: the place where one is plugged in."""

from zoneinfo import ZoneInfo

from hub.config.settings import LocationSettings
from hub.triggers.folder import FolderTrigger
from hub.triggers.manual import ManualTrigger
from hub.triggers.queue_idle import QueueIdleTrigger
from hub.triggers.run_finished import RunFinishedTrigger
from hub.triggers.schedule import ScheduleTrigger
from hub.triggers.scheduled import Scheduled
from hub.triggers.shutdown import ShutdownTrigger
from hub.triggers.startup import StartupTrigger
from hub.triggers.sun import SunTrigger
from hub.triggers.time import TimeTrigger
from hub.triggers.time_pattern import TimePatternTrigger
from hub.triggers.webhook import WebhookTrigger

AnyTrigger = (
    FolderTrigger
    | ManualTrigger
    | QueueIdleTrigger
    | RunFinishedTrigger
    | ScheduleTrigger
    | ShutdownTrigger
    | StartupTrigger
    | SunTrigger
    | TimeTrigger
    | TimePatternTrigger
    | WebhookTrigger
)


def placed(trigger: AnyTrigger, zone: ZoneInfo, location: LocationSettings) -> AnyTrigger:
    """The trigger in the hub's time zone and at its place, unless it names its own."""
    if isinstance(trigger, Scheduled):
        trigger = trigger.in_zone(zone.key)
    if isinstance(trigger, SunTrigger):
        trigger = trigger.at_place(location.latitude, location.longitude)
    return trigger
