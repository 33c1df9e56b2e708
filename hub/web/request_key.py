"""The header `Idempotency-Key`: asking twice with the same key makes one run.

The id of the run follows from the key, so that doing it twice meets a unique key. With the run is
kept what was asked, so that a key which is used again for something else is noticed. The key holds
as long as the run is remembered.
"""

import hashlib
import json
import uuid
from typing import Any

from aiohttp import web

from hub.errors import Conflict, Invalid, NotFound
from hub.records.run import Run
from hub.runs.service import Runs
from hub.storage.runs import RunRepository
from hub.web.door import identity_of

HEADER = "Idempotency-Key"
LONGEST = 255
FINGERPRINT = "request"  # where it stands in what travels with a run
_NAMESPACE = uuid.UUID("3f0a2c9e-5d0b-4a55-8f43-2f4f6f1f7c0a")


class UnusableKey(Invalid):
    """An idempotency key is not one."""

    def __init__(self) -> None:
        super().__init__(f"{HEADER} must be 1 to {LONGEST} printable ASCII characters.")


class KeyReused(Conflict):
    """An idempotency key came with another request before."""

    def __init__(self, key: str) -> None:
        super().__init__(
            f"{HEADER} {key!r} was used for another request. Give each request a key of its own."
        )


class RequestKey:
    """The key of one request. `place` is what it is asked of, `content` what is asked."""

    def __init__(self, key: str, place: str, content: Any) -> None:
        self._key = key
        self.run_id = str(uuid.uuid5(_NAMESPACE, f"{place}\n{key}"))
        text = json.dumps(content, sort_keys=True)
        self._fingerprint = hashlib.sha256(text.encode()).hexdigest()

    def marked(self, extra: dict[str, Any]) -> dict[str, Any]:
        """What travels with the run, so that the same request is known again."""
        return {**extra, FINGERPRINT: self._fingerprint}

    async def known_run(self, runs: Runs, repository: RunRepository) -> Run | None:
        """The run that was made of this request before. Raises `KeyReused`."""
        try:
            run = runs.unended(self.run_id) or await repository.get(self.run_id)
        except NotFound:
            return None
        self.check(run)
        return run

    def check(self, run: Run) -> None:
        """Raises `KeyReused` if `run` was made of another request."""
        if run.extra.get(FINGERPRINT) != self._fingerprint:
            raise KeyReused(self._key)


def request_key(request: web.Request, place: str, content: Any) -> RequestKey | None:
    """None if the request has none; keys of one user are not those of another. Raises
    `UnusableKey`."""
    key = request.headers.get(HEADER)
    if key is None:
        return None
    if not (0 < len(key) <= LONGEST and key.isascii() and key.isprintable()):
        raise UnusableKey
    return RequestKey(key, f"{identity_of(request).user or ''}\n{place}", content)
