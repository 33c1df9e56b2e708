"""`hub deliveries` and `hub deliveries requeue`."""

from datetime import UTC, datetime

from hub.app import Hub
from hub.records.delivery import Delivery, DeliveryState
from tests.cli.conftest import RunHub

AT = datetime(2026, 1, 1, tzinfo=UTC)
DEAD = Delivery(
    id="d1",
    url="http://127.0.0.1:1/",
    created_at=AT,
    due_at=AT,
    state=DeliveryState.DEAD,
    attempts=3,
    most_attempts=3,
    ended_at=AT,
    reason="the answer was 410 Gone",
)


async def test_deliveries_are_listed_and_requeued(hub: Hub, hub_command: RunHub) -> None:
    assert (await hub_command("deliveries")).out == "There are no such deliveries.\n"
    await hub.books.deliveries.add(DEAD)
    listed = await hub_command("deliveries", "list", "--state", "dead", "--limit", "5")
    assert listed.out.splitlines()[1].split()[:4] == ["d1", "http://127.0.0.1:1/", "dead", "3"]
    assert (await hub_command("deliveries", "requeue", "d1")).code == 0
    again = await hub_command("deliveries", "requeue", "d2")
    assert (again.code, again.out) == (1, "")
    assert again.err.startswith("Error: There is no delivery 'd2'.")
