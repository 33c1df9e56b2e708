"""`hub token …`."""

from pathlib import Path
from urllib.parse import quote

from rich.markup import escape
from rich.table import Table

from hub.cli.connection import Connection, connect
from hub.cli.console import out
from hub.records.access import Scope

TOKENS = "/api/hub/tokens"


async def create_token(
    config: Path, name: str, scope: Scope, user: str | None, days: float | None
) -> int:
    async with connect(config) as hub:
        user = user or await _only_user(hub)
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


async def _only_user(hub: Connection) -> str | None:
    """Whose token it is when nothing is said: who asks, or the one user there is."""
    me = await hub.get("/api/hub/me")
    if me["user"] is None and me["scope"] == "admin":
        users = (await hub.get("/api/hub/users"))["users"]
        return str(users[0]["name"]) if len(users) == 1 else None
    return None
