"""`hub deliveries` and `hub deliveries requeue`."""

from pathlib import Path
from urllib.parse import quote

from rich.markup import escape
from rich.table import Table

from hub.cli.connection import connect
from hub.cli.console import out

COLOURS = {"pending": "cyan", "delivered": "green", "dead": "red"}


async def list_deliveries(config: Path, *, state: str | None, limit: int) -> int:
    """The latest first."""
    query = {"limit": str(limit)} | ({} if state is None else {"state": state})
    async with connect(config) as hub:
        answer = await hub.get("/api/hub/deliveries", **query)
    table = Table("Delivery", "Address", "State", "Attempts", "Reason", box=None)
    for item in answer["deliveries"]:
        table.add_row(
            item["id"],
            escape(item["url"]),
            f"[{COLOURS[item['state']]}]{item['state']}[/]",
            f"{item['attempts']} of {item['most_attempts']}",
            escape(item["reason"] or ""),
        )
    out.print(table if answer["deliveries"] else "There are no such deliveries.")
    return 0


async def requeue_delivery(config: Path, delivery: str) -> int:
    """Have it sent anew."""
    async with connect(config) as hub:
        await hub.post(f"/api/hub/deliveries/{quote(delivery, safe='')}/requeue", {})
    out.print("It is sent anew, by the running hub or the next one.")
    return 0
