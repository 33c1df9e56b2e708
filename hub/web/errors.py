"""Errors as HTTP answers: the one place that knows statuses."""

import uuid
from collections.abc import Awaitable, Callable

import structlog
from aiohttp import web

from hub.errors import (
    Conflict,
    HubError,
    Invalid,
    NotFound,
    TooMany,
    Unavailable,
    Unidentified,
)
from hub.web.bodies import BodyTooLarge, BodyTooSlow
from hub.web.json_text import answer

log = structlog.get_logger()
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Forbidden(HubError):
    """The request does not come from where it may, or leads to where it may not."""


class LoginNeeded(Unidentified):
    """The request shows no login and no token that counts."""

    def __init__(self) -> None:
        super().__init__(
            "This hub wants to know who asks. Log in at /login, or send a token as `Authorization: "
            "Bearer …` or `?token=…`; `hub token create` makes one."
        )


_STATUSES: dict[type[HubError], int] = {
    BodyTooLarge: 413,
    BodyTooSlow: 408,
    Invalid: 400,
    Unidentified: 401,
    Forbidden: 403,
    NotFound: 404,
    Conflict: 409,
    TooMany: 429,
    Unavailable: 503,
    HubError: 500,
}


@web.middleware
async def answer_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Every error becomes `{"error": {"type", "message"}}`; none carries a traceback."""
    try:
        return await handler(request)
    except HubError as error:
        answered = error_answer(status_of(error), type(error).__name__, str(error))
        if isinstance(error, Unavailable) and error.retry_after is not None:
            answered.headers["Retry-After"] = str(error.retry_after)
        if isinstance(error, LoginNeeded):
            answered.headers["WWW-Authenticate"] = "Bearer"
        return answered
    except web.HTTPException as error:
        if error.status < 400:
            raise
        return error_answer(error.status, type(error).__name__, _sentence(error, request))
    except ConnectionResetError:  # the client has left; there is nobody to answer
        raise
    except Exception:  # the web's outermost: a bug of ours must not look like an answer
        reference = uuid.uuid4().hex[:8]
        log.exception("unexpected failure", reference=reference, path=request.path)
        message = f"Something went wrong inside the hub; the log has it under {reference}."
        return error_answer(500, "Unexpected", message)


def _sentence(error: web.HTTPException, request: web.Request) -> str:
    match error:
        case web.HTTPMethodNotAllowed(allowed_methods=allowed):
            return f"{request.path} takes {', '.join(sorted(allowed))}, and not {request.method}."
        case web.HTTPNotFound():
            return f"There is nothing at {request.path}. /api/hub/docs shows what there is."
        case _:
            return f"{error.reason}: {request.method} {request.path}"


def error_answer(status: int, kind: str, message: str) -> web.Response:
    """The one shape of errors."""
    return answer({"error": {"type": kind, "message": message}}, status=status)


def status_of(error: HubError) -> int:
    """As what HTTP knows that kind of error."""
    return next(_STATUSES[kind] for kind in type(error).__mro__ if kind in _STATUSES)
