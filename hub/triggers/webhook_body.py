"""What a webhook's body says: JSON or form fields, by its content type."""

import json
from typing import Any
from urllib.parse import parse_qsl

from hub.errors import Invalid

_MOST_FIELDS = 1000


class UnreadableBody(Invalid):
    """The body is not what its content type says."""


def read_json(content_type: str, body: bytes) -> Any:
    """The body's JSON value; None where it is declared to be something else."""
    media_type = _media_type(content_type)
    if media_type != "application/json" and not media_type.endswith("+json"):
        return None
    try:
        return json.loads(body, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise UnreadableBody(
            f"The body is not JSON: {error.msg} in line {error.lineno}, column {error.colno}."
        ) from error
    except UnicodeDecodeError as error:
        raise UnreadableBody(f"The body is not JSON: byte {error.start} is not UTF-8.") from error
    except (ValueError, RecursionError) as error:
        raise UnreadableBody(f"The body's JSON cannot be read: {error}.") from error


def read_form(content_type: str, body: bytes) -> dict[str, str]:
    """The body's form fields, of repeated ones the first; empty for another content type."""
    if _media_type(content_type) != "application/x-www-form-urlencoded":
        return {}
    try:
        fields = parse_qsl(
            body.decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS, errors="strict"
        )
    except UnicodeDecodeError as error:
        raise UnreadableBody("The form in the body is not UTF-8.") from error
    except ValueError as error:
        raise UnreadableBody(f"The form has more than {_MOST_FIELDS} fields.") from error
    return dict(reversed(fields))


def _media_type(content_type: str) -> str:
    return content_type.partition(";")[0].strip().lower()


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")
