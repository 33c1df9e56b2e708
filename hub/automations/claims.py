"""Who moves a file away afterwards: one automation at most, or they would quarrel over it."""

from pathlib import Path

from hub.automations.automation import Automation
from hub.triggers.folder import FolderTrigger
from hub.triggers.folder_overlap import may_both_take


class Claims:
    """The folder triggers whose files are moved by `after`, with their automations (`_known`)."""

    def __init__(self, config: Path) -> None:
        self._config = config
        self._known: list[tuple[str, FolderTrigger]] = []

    def against(self, automation: Automation) -> list[str]:
        """Why it may not move its files too, as sentences without a stop; if it may, it claims
        them from now on."""
        if not automation.after.takes_away:
            return []
        mine = [
            trigger
            for trigger in automation.triggers
            if isinstance(trigger, FolderTrigger) and trigger.enabled
        ]
        rivals = {
            name
            for name, trigger in self._known
            for own in mine
            if may_both_take(own, trigger, self._config)
        }
        if not rivals:
            self._known += [(automation.id, trigger) for trigger in mine]
        return [
            f"`after` would take away files that the automation {name!r} takes away, too: only one"
            " of them can; let `patterns` or `ignore` keep their files apart"
            for name in sorted(rivals)
        ]
