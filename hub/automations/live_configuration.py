"""The configuration of a running hub, read again whenever its files change.

Automations, workflows, the allowed folders and the limits of retention follow at once. Other
settings of hub.yaml hold until the hub is started again, and until then automations are judged by
those it runs with.
"""

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import structlog

from hub.automations.config_hints import ConfigHints
from hub.automations.loading import Configuration, read_again, read_configuration
from hub.automations.supervisor import Changes, Supervisor
from hub.clock import Clock
from hub.config.problems import told_apart
from hub.config.settings import changed_settings
from hub.errors import HubError
from hub.notices import ConfigurationRefused, ConfigurationReloaded, Notices

log = structlog.get_logger()
QUIET = 0.2  # seconds: an editor writes several files, or one in several steps


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadingStatus:
    """How the files were when last read. `refused` says why they could not be followed; `warnings`
    keep nothing from working."""

    read_at: datetime
    refused: str | None
    mistakes: tuple[str, ...]
    warnings: tuple[str, ...]
    after_restart: tuple[str, ...]


class LiveConfiguration:
    """What the hub runs with."""

    def __init__(self, config: Path, notices: Notices, clock: Clock) -> None:
        self.current: Configuration
        self._config = config
        self._notices = notices
        self._clock = clock
        self._reading = asyncio.Lock()
        self._read_at: datetime
        self._refused: str | None = None
        self._after_restart: tuple[str, ...] = ()

    async def read(self) -> Configuration:
        """For the first time. Raises `ConfigurationInvalid`, `NoConfiguration`."""
        self._read_at = self._clock.now()
        self.current = await asyncio.to_thread(read_configuration, self._config)
        return self.current

    def status(self) -> ReadingStatus:
        mistakes, warnings = told_apart(self.current.problems)
        return ReadingStatus(
            read_at=self._read_at,
            refused=self._refused,
            mistakes=mistakes,
            warnings=warnings,
            after_restart=self._after_restart,
        )

    async def serve(self, supervisor: Supervisor) -> None:
        """Read again whenever files change, until cancelled."""
        async with ConfigHints(self._config.absolute()) as hints:
            while True:
                await hints.observe(self.current.files)
                await hints.wait()
                await self._clock.sleep(QUIET)
                hints.taken()
                try:
                    await self.reload(supervisor)
                except HubError as error:
                    log.warning("the configuration stays as it was", reason=str(error))

    async def reload(self, supervisor: Supervisor) -> Changes:
        """Read the files, and go on with what they say now.

        Raises a `HubError` if that cannot be told; everything then goes on as before.
        """
        async with self._reading:
            self._read_at = self._clock.now()
            try:
                read = await asyncio.to_thread(read_again, self._config, self.current)
                after_restart = changed_settings(read.settings, read.written)
            except HubError as error:
                self._refuse(str(error))
                raise
            is_news = self._is_news(read, after_restart)
            allowed = self.current.folders.allowed  # to which everybody holds on
            allowed.paths = read.folders.allowed.paths
            self.current = replace(read, folders=replace(read.folders, allowed=allowed))
            self._refused, self._after_restart = None, after_restart
            changes = await supervisor.apply(read.automations, read.broken)
        if is_news:
            self._tell(changes)
        return changes

    async def follow(self, supervisor: Supervisor) -> str | None:
        """Go on with what was just saved; or the reason why everything goes on as before."""
        try:
            await self.reload(supervisor)
        except HubError as error:
            return str(error)
        return None

    def _refuse(self, reason: str) -> None:
        if reason != self._refused:
            self._notices.publish(ConfigurationRefused(reason=reason))
        self._refused = reason

    def _is_news(self, read: Configuration, after_restart: tuple[str, ...]) -> bool:
        """Whether anything is another than it was, so that saving a file unchanged is silent."""
        before = (self.current, self._refused, self._after_restart)
        return before != (read, None, after_restart)

    def _tell(self, changes: Changes) -> None:
        self._notices.publish(
            ConfigurationReloaded(
                started=changes.started,
                changed=changes.changed,
                ended=changes.ended,
                mistakes=len(self.status().mistakes),
                after_restart=self._after_restart,
            )
        )
        log.info("the configuration was read again", started=changes.started)
