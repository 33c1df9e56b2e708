"""ComfyUI's `/api/jobs`: prompts, whether they wait, are carried out or have ended."""

import asyncio
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from msgspec.structs import replace

from hub.errors import Invalid
from hub.records.run import Run, RunNode, RunState
from hub.web.comfy_job_shape import STATES, job_details, job_shape, workflow_of
from hub.web.comfy_queue import running_prompts, take_out, waiting_prompts
from hub.web.json_body import NotJson, read_json
from hub.web.json_text import answer
from hub.web.parts import Parts, parts_of
from hub.web.query import integer

_SORTED_BY = ("created_at", "execution_duration")
_ORDERS = ("desc", "asc")
MOST = 1000  # jobs in one answer


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """Which jobs a client asks for."""

    states: Collection[RunState]
    editor_workflow: str | None
    by_duration: bool
    descending: bool
    limit: int | None
    offset: int


async def list_jobs(request: web.Request) -> web.Response:
    """GET /api/jobs?status=&workflow_id=&sort_by=&sort_order=&limit=&offset="""
    parts = parts_of(request)
    try:
        wish = _wish(request)
    except Invalid as error:
        return _refusal(str(error))
    history = parts.books.prompt_history
    unended = [run for run in _unended(parts) if _is_wanted(run, wish)]
    ended = [state for state in wish.states if state.ended]
    total = len(unended) + await history.count(ended, wish.editor_workflow)
    page = await _page(parts, unended, ended, wish)
    return answer(
        {
            "jobs": await asyncio.to_thread(_shapes, page),
            "pagination": {
                "offset": wish.offset,
                "limit": wish.limit,
                "total": total,
                "has_more": wish.offset + len(page) < total,
            },
        }
    )


async def show_job(request: web.Request) -> web.Response:
    """GET /api/jobs/{job}: one of them, with its graph and what it shows."""
    parts, job = parts_of(request), request.match_info["job"]
    for unended in _unended(parts):
        if unended.id == job:
            return answer(job_details(unended, []))
    run = await parts.books.prompt_history.get(job)
    if run is None:
        return _refusal("Job not found", 404)
    return answer(job_details(run, await parts.books.runs.nodes(run.id)))


async def cancel_job(request: web.Request) -> web.Response:
    """POST /api/jobs/{job}/cancel: take it out of the queue, or stop it."""
    job = request.match_info["job"]
    if not _is_id(job):
        return answer({"error": "A job id is a UUID.", "invalid_ids": [job]}, status=400)
    return answer({"cancelled": await _cancel(parts_of(request), [job])})


async def cancel_jobs(request: web.Request) -> web.Response:
    """POST /api/jobs/cancel: the same for those in `job_ids`; whether there were any."""
    try:
        body = await read_json(request)
    except NotJson as error:
        return _refusal(str(error))
    jobs = body.get("job_ids") if isinstance(body, dict) else None
    if not isinstance(jobs, list):
        return _refusal('Say which: {"job_ids": ["…"]}.')
    if wrong := [job for job in jobs if not _is_id(job)]:
        return answer({"error": "Job ids are UUIDs.", "invalid_ids": wrong}, status=400)
    return answer({"cancelled": await _cancel(parts_of(request), jobs)})


async def _page(
    parts: Parts, unended: list[Run], ended: list[RunState], wish: Wish
) -> list[tuple[Run, list[RunNode]]]:
    """What is in memory and what is on the disk, as one sorted list, from `offset` on.

    At most all of the unended are before any ended one, so of the ended the first
    `offset - len(unended)` are before the page, whatever the order.
    """
    history = parts.books.prompt_history
    length = min(wish.limit or MOST, MOST)
    skipped = max(0, wish.offset - len(unended))
    found = await history.page(
        ended,
        editor_workflow=wish.editor_workflow,
        by_duration=wish.by_duration,
        descending=wish.descending,
        offset=skipped,
        count=length + len(unended),
    )
    first = wish.offset - skipped
    numbers = _merged([run.number for run in unended], found, wish)[first : first + length]
    known = {run.number: (run, list[RunNode]()) for run in unended}
    details = await history.details([number for number in numbers if number not in known])
    known |= {run.number: (run, nodes) for run, nodes in details}
    return [known[number] for number in numbers if number in known]


def _shapes(page: list[tuple[Run, list[RunNode]]]) -> list[dict[str, Any]]:
    return [job_shape(run, nodes) for run, nodes in page]


def _merged(unended: list[int], ended: list[int], wish: Wish) -> list[int]:
    """Who has not ended has a duration of 0."""
    if wish.by_duration:
        return ended + unended if wish.descending else unended + ended
    return sorted(unended + ended, reverse=wish.descending)


def _unended(parts: Parts) -> list[Run]:
    """As they are at this moment: what a worker only holds still waits."""
    running = [replace(run, state=RunState.RUNNING) for run in running_prompts(parts.runs)]
    waiting = [replace(run, state=RunState.QUEUED) for run in waiting_prompts(parts.runs)]
    return running + waiting


def _is_wanted(run: Run, wish: Wish) -> bool:
    workflow = workflow_of(run).get("id")
    return run.state in wish.states and wish.editor_workflow in (None, workflow)


async def _cancel(parts: Parts, jobs: list[str]) -> bool:
    running = [run.id for run in running_prompts(parts.runs) if run.id in jobs]
    stopped = [run for run in running if parts.runs.cancel(run)]
    return await take_out(parts, jobs) or bool(stopped)


def _is_id(job: Any) -> bool:
    try:
        return bool(str(uuid.UUID(job)) == job)
    except (ValueError, AttributeError, TypeError):
        return False


def _wish(request: web.Request) -> Wish:
    """Raises `Invalid`."""
    query = request.query
    names = [name.strip() for name in query.get("status", "").split(",") if name.strip()]
    limit, offset = integer(request, "limit"), integer(request, "offset") or 0
    if limit is not None and limit <= 0:
        raise Invalid("limit must be above 0.")
    if offset < 0:
        raise Invalid("offset must not be below 0.")
    return Wish(
        states=[STATES[_one_of("status", name, STATES)] for name in names or STATES],
        editor_workflow=query.get("workflow_id"),
        by_duration=_one_of("sort_by", query.get("sort_by", _SORTED_BY[0]), _SORTED_BY)
        == _SORTED_BY[1],
        descending=_one_of("sort_order", query.get("sort_order", "desc"), _ORDERS) == "desc",
        limit=limit,
        offset=offset,
    )


def _one_of(name: str, word: str, words: Collection[str]) -> str:
    if word not in words:
        raise Invalid(f"{name}={word[:50]!r} must be one of {', '.join(words)}.")
    return word


def _refusal(message: str, status: int = 400) -> web.Response:
    """As clients of these routes expect it."""
    return answer({"error": message}, status=status)
