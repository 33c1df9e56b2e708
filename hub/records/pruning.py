"""What a look at old history and files found, or took away."""

from dataclasses import dataclass, fields


@dataclass(frozen=True, kw_only=True, slots=True)
class Pruned:
    """How many of each kind; `bytes` are those of files."""

    outputs: int = 0
    runs: int = 0
    firings: int = 0
    progress: int = 0
    inputs: int = 0
    leftovers: int = 0
    bytes: int = 0

    @classmethod
    def names(cls) -> list[str]:
        return [field.name for field in fields(cls)]

    def __add__(self, other: "Pruned") -> "Pruned":
        return Pruned(**{name: getattr(self, name) + getattr(other, name) for name in self.names()})

    def __bool__(self) -> bool:
        return any(getattr(self, name) for name in self.names())
