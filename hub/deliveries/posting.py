"""One attempt to deliver, and what it means for the next."""

import asyncio
import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any

import aiohttp

from hub.deliveries.addresses import PrivateAddress
from hub.deliveries.body import Body
from hub.records.delivery import Delivery

LARGEST_ANSWER = 64 << 10  # bytes that are read; the rest is not waited for
# Of the 4xx only these are worth another attempt: the others say that the request is wrong.
_LATER = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS}


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What an attempt came to. Without a `reason` it got there. `retry_after` is the earliest next
    attempt in seconds, where the other side says so; none is made if it `is_final`."""

    status: int | None = None
    reason: str | None = None
    answer: Any = None
    is_final: bool = False
    retry_after: float = 0.0


async def post(
    session: aiohttp.ClientSession,
    delivery: Delivery,
    body: Body,
    headers: dict[str, str],
    now: datetime,
) -> Outcome:
    """Send it. Redirects are not followed: they could lead anywhere."""
    given = {**delivery.headers, **headers}
    if body.content_type and not any(name.lower() == "content-type" for name in given):
        given["Content-Type"] = body.content_type
    try:
        async with (
            asyncio.timeout(delivery.timeout),
            session.post(
                delivery.url, data=body.content, headers=given, allow_redirects=False
            ) as response,
        ):
            return _judged(response, await _start_of(response), now)
    except TimeoutError:
        return Outcome(reason=f"there was no answer within {delivery.timeout:g} s")
    except aiohttp.InvalidURL as error:
        return Outcome(reason=f"{error} is no address to post to", is_final=True)
    except aiohttp.ClientConnectorError as error:
        return _unreached(error.os_error)
    except (aiohttp.ClientError, OSError) as error:
        return Outcome(reason=f"the connection broke: {error or type(error).__name__}")
    except ValueError as error:  # of a header, or an address that only looks like one
        return Outcome(reason=f"it cannot be sent: {error}", is_final=True)


def _unreached(error: OSError) -> Outcome:
    why = os.strerror(error.errno) if error.errno and error.errno > 0 else str(error)
    return Outcome(
        reason=f"no connection could be made: {why}", is_final=isinstance(error, PrivateAddress)
    )


async def _start_of(response: aiohttp.ClientResponse) -> bytes:
    content = bytearray()
    async for chunk in response.content.iter_any():
        content += chunk
        if len(content) >= LARGEST_ANSWER:
            response.close()
            break
    return bytes(content[:LARGEST_ANSWER])


def _judged(response: aiohttp.ClientResponse, content: bytes, now: datetime) -> Outcome:
    status = response.status
    answer = _value(response.content_type, content)
    if 200 <= status < 300:
        return Outcome(status=status, answer=answer)
    if status < 400:
        reason = "it sends elsewhere, which is not followed; give the final address"
        return Outcome(status=status, reason=reason, answer=answer, is_final=True)
    return Outcome(
        status=status,
        reason=f"the answer was {status} {response.reason or ''}".rstrip(),
        answer=answer,
        is_final=status < 500 and status not in _LATER,
        retry_after=_seconds(response.headers.get("Retry-After", ""), now),
    )


def _value(content_type: str, content: bytes) -> Any:
    """The JSON of an answer, or its text."""
    text = content.decode(errors="replace")
    if "json" in content_type:
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            return text
    return text


def _seconds(retry_after: str, now: datetime) -> float:
    """`Retry-After`, in seconds or as a date (RFC 9110, 10.2.3)."""
    if retry_after.isdecimal():
        return float(retry_after[:9])
    try:
        moment = parsedate_to_datetime(retry_after)
    except ValueError:
        return 0.0
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (aware - now).total_seconds())
