"""Errors as HTTP answers: the one place that knows statuses."""

import uuid
from collections.abc import Awaitable, Callable

import structlog
from aiohttp import web

from hub.errors import Conflict, HubError, Invalid, NotFound, Unavailable
from hub.web.json_text import answer

log = structlog.get_logger()
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Forbidden(HubError):
    """The request does not come from where it may, or leads to where it may not."""


_STATUSES: dict[type[HubError], int] = {
    Invalid: 400,
    Forbidden: 403,
    NotFound: 404,
    Conflict: 409,
    Unavailable: 503,
    HubError: 500,
}


@web.middleware
async def answer_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Every error becomes `{"error": {"type", "message"}}`; none carries a traceback."""
    try:
        return await handler(request)
    except HubError as error:
        return error_answer(_status(error), type(error).__name__, str(error))
    except web.HTTPException as error:
        if error.status < 400:
            raise
        message = f"{error.reason}: {request.method} {request.path}"
        return error_answer(error.status, type(error).__name__, message)
    except ConnectionResetError:  # the client has left; there is nobody to answer
        raise
    except Exception:  # the web's outermost: a bug of ours must not look like an answer
        reference = uuid.uuid4().hex[:8]
        log.exception("unexpected failure", reference=reference, path=request.path)
        message = f"Something went wrong inside the hub; the log has it under {reference}."
        return error_answer(500, "Unexpected", message)


def error_answer(status: int, kind: str, message: str) -> web.Response:
    """The one shape of errors."""
    return answer({"error": {"type": kind, "message": message}}, status=status)


def _status(error: HubError) -> int:
    return next(_STATUSES[kind] for kind in type(error).__mro__ if kind in _STATUSES)
