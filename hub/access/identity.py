"""Who a request comes from, as far as it matters here."""

from dataclasses import dataclass

from hub.records.access import Scope


@dataclass(frozen=True, kw_only=True, slots=True)
class Identity:
    """`user` is None for whoever sits at this machine and need not log in."""

    user: str | None
    scope: Scope
    by_token: bool = False

    @property
    def may_manage(self) -> bool:
        """Whether users and what is theirs may be changed."""
        return self.scope is Scope.ADMIN


AT_THIS_MACHINE = Identity(user=None, scope=Scope.ADMIN)
