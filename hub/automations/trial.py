"""Trying a template with made-up variables: what it gives, if that can be told.

Only what is certain counts as a mistake: that a template fails with whatever a file is called. What
depends on things which are known when an event comes, and not before, is left to that.
"""

import re
from collections.abc import Hashable, Mapping
from datetime import UTC, datetime
from pathlib import Path as FilePath
from types import TracebackType
from typing import Any, Self
from zoneinfo import ZoneInfo

from hub.automations.samples import UNKNOWN, Open, holds_unknown, varied
from hub.automations.template_answers import wildcards
from hub.automations.template_asked import Asked, Path, asked_by
from hub.automations.template_environment import TemplateFailed, TemplateInvalid
from hub.automations.template_facts import FactNeeded, fact_key
from hub.automations.template_limits import LARGEST_OUTPUT
from hub.automations.template_render import Native, render
from hub.automations.trial_process import TrialProcess
from hub.errors import HubError

_NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
# Names whose values differ with the variant, and not with what a template is given.
_VARYING = re.compile(r"now|today_at|relative_time|random|image_size")
_NOWHERE = object()
_UNTRIED = object()
_ENDED = "; what a block sets first ends with it"
_MOST_FACTS = 20
# Of the shipped sample picture that stands for every file.
_FACTS: Mapping[str, Any] = {
    "image_size": {"width": 1600, "height": 1200},
    "phash": "c3c3c3c33c3c3c3c",
    "dominant_color": "#808080",
}


class Trial:
    """Tries templates. Equal ones with equal variables are rendered once.

    `config` is the configuration folder, whose wildcards they may use.
    """

    def __init__(self, config: FilePath, zone: ZoneInfo) -> None:
        self._config = config
        self._zone = zone
        self._process = TrialProcess()
        self._known: dict[Hashable, Any] = {}
        self._variant = 0

    def __enter__(self) -> Self:
        self._process.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._process.__exit__(kind, error, traceback)

    def vary(self, variant: int) -> None:
        """Which variant of the samples the next variables are of."""
        self._variant = variant

    def gives(
        self,
        source: str,
        variables: Mapping[str, Any],
        *,
        native: Native,
        settable: frozenset[str] = frozenset(),
    ) -> Any:
        """The value of a template, or `UNKNOWN`. Raises `TemplateFailed` if it has none, as when
        it needs a variable that is `settable` and not set yet."""
        try:
            asked = asked_by(source)
        except TemplateInvalid:  # told elsewhere
            return UNKNOWN
        looked_up = {path: _follow(variables, path) for path in asked.paths}
        if any(map(holds_unknown, looked_up.values())):
            return UNKNOWN
        variant = self._variant if _VARYING.search(source) else 0
        unset = (asked.names & settable) - variables.keys()
        key = None if unset else _key(source, native, variant, looked_up)
        outcome = self._known.get(key, _UNTRIED)
        if outcome is _UNTRIED:
            outcome = self._outcome(source, asked, variables, native=native)
        if key is not None:
            self._known[key] = outcome
        if not isinstance(outcome, TemplateFailed):
            return outcome
        if outcome.lies_in_kinds or _NOWHERE in looked_up.values():
            raise outcome
        for name in unset:
            if outcome.problem.startswith(f"{name!r} is not defined"):
                raise TemplateFailed(source, f"nothing that comes before sets {name!r}{_ENDED}")
        return UNKNOWN

    def _outcome(
        self, source: str, asked: Asked, variables: Mapping[str, Any], *, native: Native
    ) -> Any:
        """What it gives, or how it fails."""
        try:
            return self._render(source, asked, variables, native=native)
        except TemplateFailed as error:
            return error

    def _render(
        self, source: str, asked: Asked, variables: Mapping[str, Any], *, native: Native
    ) -> Any:
        """Rendered again with each fact that it turns out to need."""
        facts: dict[str, Any] = {}
        seen = {name: variables[name] for name in asked.names if name in variables}
        while len(facts) < _MOST_FACTS:
            try:
                return self._rendered(source, asked, seen, native, facts)
            except FactNeeded as needed:
                fact = self._fact(source, needed)
                if fact is UNKNOWN:
                    return UNKNOWN
                facts[fact_key(needed.kind, needed.subject)] = {"value": fact}
        return UNKNOWN

    def _rendered(
        self, source: str, asked: Asked, seen: dict[str, Any], native: Native, facts: dict[str, Any]
    ) -> Any:
        if asked.is_calm:
            return render(
                source,
                seen,
                native=native,
                now=varied(_NOW, self._variant),
                zone=self._zone,
                output_limit=LARGEST_OUTPUT,
                facts=facts,
            )
        if not self._process.is_willing:
            return UNKNOWN
        request = {"source": source, "variables": seen, "native": native, "facts": facts}
        about = {"now": varied(_NOW, self._variant).isoformat(), "zone": self._zone.key}
        answer = self._process.ask({**request, **about})
        if needs := answer.get("needs"):
            raise FactNeeded(*needs)
        if problem := answer.get("problem"):
            kinds = answer["lies_in_kinds"]
            raise TemplateFailed(source, problem, answer["line"], lies_in_kinds=kinds)
        return answer["value"]

    def _fact(self, source: str, needed: FactNeeded) -> Any:
        if needed.kind == "wildcard":
            try:
                wildcards(self._config, needed.subject)
            except HubError as error:
                raise TemplateFailed(source, str(error), lies_in_kinds=True) from None
            return UNKNOWN  # which line it will be
        return varied(_FACTS.get(needed.kind, UNKNOWN), self._variant)


def _follow(variables: Mapping[str, Any], path: Path) -> Any:
    """What a path leads to: a value, or what holds it if that is not plainly there, or `_NOWHERE`.

    A method belongs to its value; what a list or text holds at a place is known only then.
    """
    if path[0] not in variables:
        return None  # one of Jinja's own, or one that is told of elsewhere
    value: Any = variables
    for key in path:
        if isinstance(value, Mapping):
            if key in value:
                value = value[key]
                continue
            if isinstance(value, Open):
                return UNKNOWN
        if value is None or value is UNKNOWN or isinstance(key, int):
            return value
        return value if hasattr(type(value), key) else _NOWHERE
    return value


def _key(source: str, native: Native, variant: int, looked_up: Mapping[Path, Any]) -> Hashable:
    """What the result depends on, if that is little."""
    values = looked_up.values()
    if not all(isinstance(value, str | int | float | None) for value in values):
        return None
    return (
        source,
        native,
        variant,
        *((path, type(value), value) for path, value in looked_up.items()),
    )
