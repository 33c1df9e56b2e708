"""The variables that the actions of a firing see, block within block."""

from collections.abc import Collection, Mapping
from typing import Any


class Scope:
    """Variables of a block, and through `outer` those around it.

    As in Home Assistant a block changes variables that are there already, and those that it makes
    end with it. Out of a `closed` one, a branch that goes on beside others, nothing leads; `own`
    are variables that are kept in it wherever in it they are set.
    """

    def __init__(
        self,
        values: Mapping[str, Any] | None = None,
        outer: "Scope | None" = None,
        *,
        closed: bool = False,
        own: Collection[str] = (),
    ) -> None:
        self._values = dict(values or {})
        self._outer = outer
        self._is_closed = closed
        self._own = own

    def update(self, values: Mapping[str, Any]) -> None:
        """Set variables: where they are known, else here."""
        for name, value in values.items():
            (self._owner(name) or self)._values[name] = value

    def all(self) -> dict[str, Any]:
        """Everything that is seen from here."""
        return {**(self._outer.all() if self._outer else {}), **self._values}

    def owned(self) -> dict[str, Any]:
        """Those of its `own` that were set."""
        return {name: self._values[name] for name in self._own if name in self._values}

    def _owner(self, name: str) -> "Scope | None":
        if name in self._values or name in self._own:
            return self
        return None if self._outer is None or self._is_closed else self._outer._owner(name)
