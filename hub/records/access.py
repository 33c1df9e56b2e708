"""What somebody may do here."""

from enum import StrEnum


class Scope(StrEnum):
    """How far a caller may go; each scope includes those before it."""

    READ = "read"
    RUN = "run"
    ADMIN = "admin"

    def includes(self, needed: "Scope") -> bool:
        """Whether one that has this scope may do what needs the other."""
        order = list(Scope)
        return order.index(needed) <= order.index(self)


class Role(StrEnum):
    """What a user is here."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    ADMIN = "admin"

    @property
    def scope(self) -> Scope:
        """How far users of this role may go."""
        return _SCOPES[self]


_SCOPES = {Role.VIEWER: Scope.READ, Role.OPERATOR: Scope.RUN, Role.ADMIN: Scope.ADMIN}
