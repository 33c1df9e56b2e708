"""`hub token …`."""

from pathlib import Path
from urllib.parse import quote

from rich.markup import escape
from rich.table import Table

from hub.cli.connection import Connection, connect
from hub.cli.console import out
from hub.errors import Invalid
from hub.records.access import Scope

TOKENS = "/api/hub/tokens"


class WhoseToken(Invalid):
    """It was not said whose token is wanted, and there is no one user who could be meant."""

    def __init__(self, users: int) -> None:
        super().__init__(
            "There are several users: say with `--user` whose token it shall be."
            if users
            else "A token belongs to a user, and there is none yet: `hub user add NAME` makes one."
        )


async def create_token(
    config: Path, name: str, scope: Scope, user: str | None, days: float | None
) -> int:
    async with connect(config) as hub:
        user = user or await _obvious_user(hub)
        wanted = {"name": name, "scope": scope, "user": user, "days": days}
        made = await hub.post(TOKENS, wanted)
    out.print(made["token"], highlight=False, markup=False, soft_wrap=True)
    return 0


async def list_tokens(config: Path) -> int:
    async with connect(config) as hub:
        tokens = (await hub.get(TOKENS))["tokens"]
    table = Table("Token", "Name", "User", "Scope", "Used", "Ends", box=None)
    for token in tokens:
        table.add_row(
            token["id"],
            escape(token["name"]),
            escape(token["user"]),
            token["scope"],
            (token["used_at"] or "never")[:10],
            (token["expires_at"] or "never")[:10],
        )
    out.print(table if tokens else "There are no tokens. `hub token create NAME` makes one.")
    return 0


async def revoke_token(config: Path, token: str) -> int:
    async with connect(config) as hub:
        await hub.delete(f"{TOKENS}/{quote(token, safe='')}")
    out.print("It lets nobody in any more.")
    return 0


async def _obvious_user(hub: Connection) -> str | None:
    """Whose token it is when nothing is said: the one user there is; None for who asks.

    Raises `WhoseToken`.
    """
    me = await hub.get("/api/hub/me")
    if me["user"] is not None or me["scope"] != "admin":
        return None
    users = (await hub.get("/api/hub/users"))["users"]
    if len(users) != 1:
        raise WhoseToken(len(users))
    return str(users[0]["name"])
