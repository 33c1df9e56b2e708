"""A span of a recording, in exact seconds."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Self

from hub.errors import Invalid

_FINEST = 1_000_000  # a float's 0.1 s is meant as 1/10, not as the binary fraction next to it


class OutsideRecording(Invalid):
    """A part was asked for that the recording does not have."""

    def __init__(self, start: float, duration: float, total: float) -> None:
        wanted = f"{duration:g} s from {start:g} s on" if duration else f"all from {start:g} s on"
        super().__init__(
            f"The recording lasts {total:.3f} s and does not have {wanted}. "
            "Choose an earlier start or a shorter duration."
        )


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` on, and up to but without `end`; None is where the recording stops."""

    start: Fraction = Fraction(0)
    end: Fraction | None = None

    @property
    def is_everything(self) -> bool:
        return self.start == 0 and self.end is None

    def is_over(self, time: Fraction) -> bool:
        """Whether `time` lies behind it."""
        return self.end is not None and time >= self.end

    def length_in(self, total: Fraction) -> Fraction:
        """Its length within a recording of `total` seconds."""
        end = total if self.end is None else min(self.end, total)
        return max(Fraction(0), end - self.start)

    def part(self, start: float, duration: float, total: Fraction, *, strict: bool) -> Self:
        """`duration` seconds of this span, or with 0 the rest, from `start` seconds on.

        A negative start counts from the end of the span, which lasts `total` seconds. Raises
        `OutsideRecording` if nothing is left, or if `strict` and it would be too short.
        """
        begin = exact(start) if start >= 0 else max(Fraction(0), total + exact(start))
        end = begin + exact(duration) if duration else total
        if begin >= total or (strict and end > total):
            raise OutsideRecording(start, duration, float(total))
        own_end = self.end if end >= total else self.start + end
        return type(self)(self.start + begin, own_end)


def exact(seconds: float) -> Fraction:
    """A number of seconds as people mean it."""
    return Fraction(seconds).limit_denominator(_FINEST)
