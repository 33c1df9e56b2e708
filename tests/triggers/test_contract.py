"""What every kind of trigger promises, held against each of them."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec import inspect

from hub.config.folders import Folders
from hub.testing.clock import ScriptedClock
from hub.testing.inbox import MemoryTriggerContext
from hub.triggers.base import Trigger
from hub.triggers.folder import FolderTrigger
from hub.triggers.schedule import ScheduleTrigger
from hub.triggers.webhook import WebhookTrigger
