"""`hub user …`."""

import asyncio
import getpass
import sys
from pathlib import Path
from urllib.parse import quote

from rich.markup import escape
from rich.table import Table

from hub.cli.connection import connect
from hub.cli.console import out
from hub.errors import Invalid
from hub.records.access import Role

USERS = "/api/hub/users"


async def add_user(config: Path, name: str, role: Role | None) -> int:
    password = await asyncio.to_thread(_new_password)
    wanted = {"name": name, "password": password} | ({} if role is None else {"role": role})
    async with connect(config) as hub:
        added = await hub.post(USERS, wanted)
    out.print(f"{added['name']} is {added['role']}.", highlight=False, markup=False)
    return 0


async def list_users(config: Path) -> int:
    async with connect(config) as hub:
        users = (await hub.get(USERS))["users"]
    table = Table("User", "Role", "Since", box=None)
    for user in users:
        table.add_row(escape(user["name"]), user["role"], user["created_at"][:10])
    out.print(table if users else "There are no users. `hub user add NAME` makes one.")
    return 0


async def remove_user(config: Path, name: str) -> int:
    async with connect(config) as hub:
        await hub.delete(f"{USERS}/{quote(name, safe='')}")
    out.print(f"{name} is no user any more.", highlight=False, markup=False)
    return 0


async def set_password(config: Path, name: str) -> int:
    password = await asyncio.to_thread(_new_password)
    async with connect(config) as hub:
        await hub.post(f"{USERS}/{quote(name, safe='')}/password", {"password": password})
    out.print(f"{name} has a new password.", highlight=False, markup=False)
    return 0


async def set_role(config: Path, name: str, role: Role) -> int:
    async with connect(config) as hub:
        await hub.post(f"{USERS}/{quote(name, safe='')}/role", {"role": role})
    out.print(f"{name} is {role}.", highlight=False, markup=False)
    return 0


def _new_password() -> str:
    """Asked for twice at a terminal; else a line of standard input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    password = getpass.getpass("New password: ")
    if getpass.getpass("The same again: ") != password:
        raise Invalid("That was not the same password twice.")
    return password
