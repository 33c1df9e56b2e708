"""Film strips: some of the pictures that runs showed on their way, of those that ran lately.

They are kept in memory only, and the oldest go first: what a run made stays anyway, and how it got
there is looked at while it runs or soon after.
"""

from dataclasses import dataclass, field

MOST_FRAMES = 24
MOST_BYTES = 16 << 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Frame:
    """A picture that a node showed, and its MIME type. `number` counts those that a run showed."""

    number: int
    node: str
    image: bytes
    kind: str


@dataclass(slots=True)
class _Film:
    """`every` says how many of a run's pictures go by for one that is kept."""

    every: int = 1
    shown: int = 0
    frames: list[Frame] = field(default_factory=list)

    def add(self, node: str, image: bytes, kind: str) -> int:
        """By how many bytes that changed its size."""
        before = self.size
        if self.shown % self.every == 0:
            self.frames.append(Frame(number=self.shown, node=node, image=image, kind=kind))
        self.shown += 1
        if len(self.frames) > MOST_FRAMES:
            self.frames = self.frames[::2]
            self.every *= 2
        return self.size - before

    @property
    def size(self) -> int:
        return sum(len(frame.image) for frame in self.frames)


class Films:
    """The strips of runs, by run id, the one that was added to last at the end."""

    def __init__(self) -> None:
        self._films: dict[str, _Film] = {}
        self._size = 0

    def add(self, run: str, node: str, image: bytes, kind: str) -> None:
        """A run shows a picture. Of many the strip holds some, the same distance apart."""
        film = self._films.pop(run, None) or _Film()
        self._films[run] = film
        self._size += film.add(node, image, kind)
        while self._size > MOST_BYTES and len(self._films) > 1:
            self._size -= self._films.pop(next(iter(self._films))).size

    def of(self, run: str) -> list[Frame]:
        """The first one first; none where the run showed nothing, or that was long ago."""
        film = self._films.get(run)
        return [] if film is None else list(film.frames)
