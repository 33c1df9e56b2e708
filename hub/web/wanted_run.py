"""What a run of a saved workflow is asked for with: JSON, or a form whose files are parameters."""

from typing import Annotated, Any

import msgspec
from aiohttp import web
from msgspec import Meta

from hub.deliveries.completions import CompletionWebhook
from hub.errors import Invalid
from hub.triggers.webhook_body import is_multipart
from hub.triggers.webhook_multipart import Part
from hub.web.admission import admitted
from hub.web.json_body import NotJson, decode_json, read_json
from hub.web.parts import Parts
from hub.web.uploads import kept_form

REQUEST = "request"  # the field of a form that holds what is no parameter
LONGEST_WAIT = 3600


class WantedRun(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A run of a saved workflow that is asked for."""

    parameters: Annotated[
        dict[str, Any],
        Meta(
            description="Values by name. A file is the name of an input, a `data:` address, an http"
            ' address, {"base64": …} or {"url": …}.'
        ),
    ] = {}
    priority: Annotated[int, Meta(description="Larger goes first.", ge=-(2**31), le=2**31 - 1)] = 0
    wait: Annotated[
        bool | Annotated[float, Meta(ge=0, le=LONGEST_WAIT)],
        Meta(description="Answer when the run is over, or after so many seconds."),
    ] = False
    stream: Annotated[
        bool, Meta(description="Answer with server-sent events up to the run's end.")
    ] = False
    webhook: Annotated[
        CompletionWebhook | None, Meta(description="Who is told when the run is over.")
    ] = None

    def __post_init__(self) -> None:
        if self.stream and self.wait is not False:
            raise ValueError("a request has `wait` or `stream`, not both")


async def read_wanted(request: web.Request, parts: Parts) -> WantedRun:
    """Raises `Invalid`. Files of a form are inputs by then."""
    if not is_multipart(request.content_type):
        return _wanted(await read_json(request))
    async with kept_form(request, parts) as fields:
        given = _request_of(fields)
        parameters = dict(given.parameters)
        for field in fields:
            if field.name != REQUEST:
                _add(parameters, field.name, await _value(field, parts))
    return msgspec.structs.replace(given, parameters=parameters)


def _wanted(content: Any) -> WantedRun:
    try:
        return msgspec.convert(content, WantedRun)
    except msgspec.ValidationError as error:
        raise Invalid(f"This is no request for a run: {error}.") from error


def _request_of(fields: list[Part]) -> WantedRun:
    texts = [field.value for field in fields if field.name == REQUEST and field.path is None]
    if not texts:
        return WantedRun()
    try:
        return _wanted(decode_json(texts[-1].encode()))
    except NotJson as error:
        raise Invalid(f"The form's field `{REQUEST}` is no JSON: {error}") from error


async def _value(field: Part, parts: Parts) -> str:
    if field.path is None:
        return field.value
    return await admitted(parts, field.path, field.filename)


def _add(parameters: dict[str, Any], name: str, value: str) -> None:
    """Several fields of one name are a list."""
    known = parameters.get(name)
    match known:
        case None:
            parameters[name] = value
        case list():
            parameters[name] = [*known, value]
        case _:
            parameters[name] = [known, value]
