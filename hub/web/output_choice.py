"""Which outputs an address asks for."""

import re

from aiohttp import web

from hub.errors import Invalid
from hub.records.output import Choice

MOST_IDS = 500
_IDS = re.compile(r"[0-9]{1,18}(,[0-9]{1,18})*")


def output_choice(request: web.Request) -> Choice:
    """What stands behind the question mark. Raises `Invalid`."""
    query = request.query
    starred = query.get("starred", "false")
    if starred not in ("true", "false"):
        raise Invalid(f"starred={starred[:50]!r} must be true or false.")
    return Choice(
        workflow=query.get("workflow"),
        automation=query.get("automation"),
        tag=query.get("tag"),
        starred=starred == "true",
        outputs=_ids(query.get("outputs")),
    )


def _ids(text: str | None) -> tuple[int, ...] | None:
    if text is None:
        return None
    if not _IDS.fullmatch(text):
        raise Invalid(f"outputs={text[:50]!r} must be ids with commas between them: 1,2,3.")
    ids = tuple(map(int, text.split(",")))
    if len(ids) > MOST_IDS:
        raise Invalid(f"{len(ids)} outputs are too many at once; at most {MOST_IDS} can be named.")
    return ids
