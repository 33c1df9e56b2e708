"""The hub's own API: how much there was to do lately."""

from datetime import UTC, datetime, timedelta

from aiohttp import web

from hub.records.run import RunState
from hub.web.json_text import answer
from hub.web.parts import parts_of
from hub.web.query import number

HOURS = 24
MOST_HOURS = 24 * 7
_ENDS = (RunState.SUCCEEDED, RunState.FAILED, RunState.CANCELLED)
_SECONDS = 3600


async def show_statistics(request: web.Request) -> web.Response:
    """GET /api/hub/statistics?hours=: how many runs ended in each of the last hours, and how."""
    parts = parts_of(request)
    hours = min(number(request, "hours") or HOURS, MOST_HOURS)
    present = int(parts.clock.now().timestamp()) // _SECONDS
    first = present - hours + 1
    since = datetime.fromtimestamp(0, UTC) + timedelta(hours=first)
    ended = await parts.books.runs.ended_by_hour(since)
    return answer(
        {
            "hours": [
                {
                    "at": datetime.fromtimestamp(hour * _SECONDS, UTC).isoformat(),
                    **{state.value: ended.get((hour, state), 0) for state in _ENDS},
                }
                for hour in range(first, present + 1)
            ]
        }
    )
