"""Checking an automation: what only shows when everything is known, such as names and folders."""

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

from msgspec import Struct

from hub.automations.actions.action import Repeat, all_actions
from hub.automations.actions.base import Action, Instruction, Known
from hub.automations.actions.wait_for_trigger import WaitForTrigger
from hub.automations.after import Move
from hub.automations.automation import Automation
from hub.automations.circles import Circles
from hub.automations.claims import Claims
from hub.automations.doubts import doubts
from hub.automations.dry_run import dry_run, dry_run_again
from hub.automations.findings import Way
from hub.automations.named_automations import names_in
from hub.automations.run_circles import RunCircles
from hub.automations.samples import samples_of, with_event
from hub.automations.template_checks import REPORT, TemplateChecks, unknown_names
from hub.automations.template_environment import is_template
from hub.automations.trial import Trial
from hub.automations.trigger import AnyTrigger
from hub.config.problems import Problems, closest
from hub.config.reader import Reader
from hub.storage.last_events import LastEvents
from hub.triggers.folder import FolderTrigger
from hub.triggers.sun import SunTrigger
from hub.triggers.webhook import WebhookTrigger

Texts = list[tuple[Way, str]]
"""Templates, each with the way to it."""


class Checking:
    """Checks automations one after another; those before it count for each.

    `reader` knows where everything is written.
    """

    def __init__(
        self, reader: Reader, known: Known, config: Path, trial: Trial, past: LastEvents
    ) -> None:
        self._reader = reader
        self._known = known
        self._trial = trial
        self._past = past
        self._workflows = {workflow.name: workflow for workflow in known.workflows}
        self._claims = Claims(config)
        self._circles = Circles()
        self._run_circles = RunCircles()
        self._taken: set[str] = set()

    def of(self, automation: Automation) -> Problems:
        """All its mistakes. Its templates are tried only if it has no others."""
        problems = Problems()
        samples = samples_of(automation)
        self._check(automation, samples, problems)
        if not len(problems):
            for message in self._claims.against(automation):
                problems.add(self._reader.positions.of(automation, "after"), message)
        if not len(problems):
            for finding in dry_run(automation, samples, self._workflows, self._trial):
                place = self._reader.positions.of(finding.part, *finding.way)
                problems.add(place, finding.message, value=str(finding.source))
        return problems

    def unknown_names(self, names: Collection[str]) -> Problems:
        """Wherever an automation is named that is not among `names`."""
        problems, positions = Problems(), self._reader.positions
        for part, key, name in names_in(positions.structs()):
            if name not in names:
                message = f"there is no automation {name!r}"
                suggestion = closest(name, names)
                problems.warn(positions.of(part, key), message, value=name, suggestion=suggestion)
        return problems

    def warnings_of(self, automation: Automation) -> Problems:
        """What may go wrong with one that has no mistakes: it waits for others or fires them in a
        circle, asks for what never is, or does not go with the last request to each of its
        webhooks, where the next caller may send something else."""
        problems = Problems()
        for action, message in self._circles.closed_by(automation):
            problems.warn(self._reader.positions.of(action, "target"), message)
        for closing, message in self._run_circles.closed_by(automation):
            problems.warn(self._reader.positions.of(closing), message)
        for doubt in doubts(automation, self._workflows):
            place = self._reader.positions.of(doubt.part, *doubt.way)
            problems.warn(place, doubt.message, suggestion=doubt.suggestion)
        for index, trigger in enumerate(automation.triggers):
            if not isinstance(trigger, WebhookTrigger):
                continue
            event = self._past.of(automation.id, automation.trigger_name(index))
            if event is None:
                continue
            sample = with_event(samples_of(automation)[index], event)
            found = dry_run_again(automation, index, sample, self._workflows, self._trial)
            when = event.observed_at.isoformat(sep=" ", timespec="seconds")
            for finding in found:
                message = f"with the last request to this webhook ({when}): {finding.message}"
                place = self._reader.positions.of(finding.part, *finding.way)
                problems.warn(place, message, value=str(finding.source))
        return problems

    def _check(
        self, automation: Automation, samples: list[dict[str, Any]], problems: Problems
    ) -> None:
        place = self._reader.positions.of
        if automation.id in self._taken:
            message = f"another automation has the id {automation.id!r}"
            problems.add(place(automation, "id"), message)
        self._taken.add(automation.id)
        self._check_triggers(automation.triggers, problems)
        self._check_fates(automation, problems)
        checks, loops = TemplateChecks(automation, samples), _in_loops(automation.actions)
        for field in ("mode_key", "variables", "conditions"):
            texts = _texts(getattr(automation, field), (field,))
            self._check_templates(automation, texts, checks, problems)
        for action in all_actions(automation.actions):
            self._check_action(action, checks, problems, in_loop=id(action) in loops)
            if isinstance(action, WaitForTrigger):
                self._check_triggers(action.wait_for_trigger, problems)

    def _check_triggers(self, triggers: Iterable[AnyTrigger], problems: Problems) -> None:
        place, reach = self._reader.positions.of, self._known.reach
        has_place = self._known.settings.location.latitude is not None
        for trigger in triggers:
            path = trigger.path if isinstance(trigger, FolderTrigger) else None
            if path is not None and reach.excludes(path):
                message = f"{path!r} is not among the allowed folders of hub.yaml"
                problems.add(place(trigger, "path"), message, value=path)
            if isinstance(trigger, WebhookTrigger):
                self._check_webhook(trigger, problems)
            if isinstance(trigger, SunTrigger) and not (trigger.has_place or has_place):
                message = "a sun trigger needs `location:` in hub.yaml, or a place of its own"
                problems.add(place(trigger), message)

    def _check_webhook(self, trigger: WebhookTrigger, problems: Problems) -> None:
        response = trigger.response.template if trigger.response else None
        for way, text, known in (
            (("idempotency",), trigger.idempotency, ("trigger",)),
            (("response", "template"), response, ("trigger", *REPORT)),
        ):
            for mistake in unknown_names(text, known) if text and is_template(text) else ():
                place = self._reader.positions.of(trigger, *way)
                problems.add(place, mistake.message, value=text, suggestion=mistake.suggestion)

    def _check_fates(self, automation: Automation, problems: Problems) -> None:
        """Whether files may be moved where `after` says."""
        folders = [one.path for one in automation.triggers if isinstance(one, FolderTrigger)]
        for fate in (automation.after.success, automation.after.failure):
            if not isinstance(fate, Move):
                continue
            for folder in folders:
                if self._known.reach.excludes(str(Path(folder, fate.move))):
                    message = f"{fate.move!r}, counted from {folder!r}, is not among the allowed"
                    problems.add(
                        self._reader.positions.of(fate, "move"),
                        f"{message} folders of hub.yaml",
                        value=fate.move,
                    )

    def _check_action(
        self, action: Instruction, checks: TemplateChecks, problems: Problems, *, in_loop: bool
    ) -> None:
        place = self._reader.positions.of
        if isinstance(action, Action):
            for mistake in action.mistakes(self._known):
                problems.add(
                    place(action, *mistake.way),
                    mistake.message,
                    value=mistake.value,
                    suggestion=mistake.suggestion,
                )
        self._check_templates(action, _texts_of(action), checks, problems, in_loop=in_loop)

    def _check_templates(
        self,
        part: Struct,
        texts: Texts,
        checks: TemplateChecks,
        problems: Problems,
        *,
        in_loop: bool = False,
    ) -> None:
        for way, text in texts:
            for mistake in checks.mistakes(text, in_loop=in_loop):
                place = self._reader.positions.of(part, *way)
                problems.add(place, mistake.message, value=text, suggestion=mistake.suggestion)


def _in_loops(actions: Iterable[Instruction]) -> set[int]:
    """The identities of all loops, and of the actions in them."""
    loops = (action for action in all_actions(actions) if isinstance(action, Repeat))
    return {id(inner) for loop in loops for inner in all_actions([loop])}


def _texts(value: Any, way: Way = ()) -> Texts:
    """Every template in a value, with the way to it. The actions in a block are looked at by
    themselves."""
    found: Texts = []
    if not isinstance(value, Instruction):
        _collect(value, way, found)
    return found


def _texts_of(action: Instruction) -> Texts:
    found: Texts = []
    _collect_fields(action, (), found)
    return found


def _collect(value: Any, way: Way, found: Texts) -> None:
    kind = type(value)
    if kind is str:
        if is_template(value):
            found.append((way, value))
    elif kind is dict:
        for key, inner in value.items():
            _collect(inner, (*way, key), found)
    elif kind is list or kind is tuple:
        for index, inner in enumerate(value):
            _collect(inner, (*way, index), found)
    elif isinstance(value, Struct) and not isinstance(value, Instruction):
        _collect_fields(value, way, found)


def _collect_fields(struct: Struct, way: Way, found: Texts) -> None:
    for key, field in zip(struct.__struct_encode_fields__, struct.__struct_fields__, strict=True):
        value = getattr(struct, field)
        if value and value is not True:
            _collect(value, (*way, key), found)
