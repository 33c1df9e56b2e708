"""The hub's own API: what `webhook.post` sends."""

from typing import Any

from aiohttp import web

from hub.errors import Invalid
from hub.records.delivery import Delivery, DeliveryState
from hub.web.json_text import answer
from hub.web.parts import parts_of
from hub.web.query import page_length

# Headers and contents may hold what is nobody's business.
_SHOWN = (
    *("id", "url", "state", "attempts", "most_attempts", "status", "reason"),
    *("created_at", "due_at", "ended_at", "firing", "step"),
)


async def list_deliveries(request: web.Request) -> web.Response:
    """GET /api/hub/deliveries?state=&limit="""
    found = await parts_of(request).books.deliveries.page(
        state=_state(request), limit=page_length(request)
    )
    return answer({"deliveries": [_shape(delivery) for delivery in found]})


async def requeue_delivery(request: web.Request) -> web.Response:
    """POST /api/hub/deliveries/{delivery}/requeue: a dead one is sent anew."""
    delivery = await parts_of(request).courier.requeue(request.match_info["delivery"])
    return answer({"delivery": _shape(delivery)})


def _shape(delivery: Delivery) -> dict[str, Any]:
    return {name: getattr(delivery, name) for name in _SHOWN}


def _state(request: web.Request) -> DeliveryState | None:
    word = request.query.get("state")
    if word is not None and word not in set(DeliveryState):
        raise Invalid(f"There is no state {word!r}; there are {', '.join(DeliveryState)}.")
    return DeliveryState(word) if word else None
