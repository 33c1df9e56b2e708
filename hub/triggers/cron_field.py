"""One field of a cron expression, such as `*/5`, `1,15` or `mon-fri`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_PART = re.compile(r"(?:\*|(?P<first>\w+)(?:-(?P<last>\w+))?)(?:/(?P<step>\d+))?")


@dataclass(frozen=True, slots=True)
class CronField:
    """A field's limits, both included, and the names of its values from the lowest up."""

    name: str
    lowest: int
    highest: int
    names: Sequence[str] = ()

    def values(self, text: str) -> list[int] | None:
        """What `text` allows, in order; None for everything. Raises `ValueError`."""
        if text == "*":
            return None
        return sorted({value for part in text.split(",") for value in self._part(part)})

    def _part(self, text: str) -> range:
        match = _PART.fullmatch(text)
        if match is None:
            raise ValueError(f"{text!r} is no {self.name} in a cron expression. {self._allowed()}")
        step = int(match["step"] or 1)
        first, last = self._ends(match["first"], match["last"], stepped=bool(match["step"]))
        if first > last or step < 1:
            raise ValueError(f"{text!r} in a cron expression names no {self.name} at all.")
        return range(first, last + 1, step)

    def _ends(self, first: str | None, last: str | None, *, stepped: bool) -> tuple[int, int]:
        if first is None:
            return self.lowest, self.highest
        begin = self._value(first)
        if last is None:
            return begin, self.highest if stepped else begin
        end = self._value(last)
        ends_on_sunday = self.highest == 7 and end == 0 < begin
        return begin, 7 if ends_on_sunday else end

    def _value(self, text: str) -> int:
        if text in self.names:
            return self.lowest + self.names.index(text)
        if not text.isdecimal() or not self.lowest <= int(text) <= self.highest:
            raise ValueError(f"{text!r} is no {self.name} in a cron expression. {self._allowed()}")
        return int(text)

    def _allowed(self) -> str:
        names = f", or {', '.join(self.names)}" if self.names else ""
        return f"It takes {self.lowest} to {self.highest}{names}; `*`, ranges, lists and steps."
