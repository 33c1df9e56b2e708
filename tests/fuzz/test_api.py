"""Whatever is sent to the API as its description allows, or just not: no route breaks."""

from contextlib import suppress
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import FailedHealthCheck, Unsatisfiable
from requests import Session
from schemathesis.specs.openapi.checks import response_schema_conformance

VALID, NOT_VALID = schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE
EXAMPLES = 4  # of each route; to make one costs as much as to have it answered
SECONDS = 100  # only what hangs takes so long
# Of most routes it is found out by trying that nothing about them can be wrong; not for long.
UNHEEDED = [check for check in HealthCheck if check is not HealthCheck.filter_too_much]


def bombard(address: str, kind: schemathesis.GenerationMode) -> set[int]:
    """Send examples to every route that can be had so; the statuses that came back."""
    schema: Any = schemathesis.openapi.from_url(f"{address}/api/hub/openapi.json")
    statuses: set[int] = set()
    with Session() as session:
        for found in schema.get_all_operations():
            operation = found.ok()
            if "101" in operation.definition.raw["responses"]:
                continue  # a WebSocket
            if kind is VALID:
                statuses |= attempt(session, operation, kind)
            elif can_be_wrong(operation):
                with suppress(Unsatisfiable, FailedHealthCheck):
                    statuses |= attempt(session, operation, kind)
    return statuses


def can_be_wrong(operation: Any) -> bool:
    """Whether it asks for anything but a text in its path, which every text is."""
    asked = (
        each.location != "path" or "pattern" in each.definition["schema"]
        for each in operation.iter_parameters()
    )
    return bool(operation.body) or any(asked)


def attempt(session: Session, operation: Any, kind: schemathesis.GenerationMode) -> set[int]:
    statuses: set[int] = set()
    takes_something = operation.body or list(operation.iter_parameters())

    @given(case=operation.as_strategy(generation_mode=kind))
    @settings(
        max_examples=EXAMPLES if takes_something else 1,
        phases=[Phase.generate],
        deadline=None,
        derandomize=True,
        suppress_health_check=UNHEEDED,
        database=None,
    )
    def holds(case: Any) -> None:
        response = case.call(session=session, timeout=SECONDS)
        assert response.status_code < 500 or response.status_code == 503, response.text
        if response.status_code < 400 and "json" in response.headers.get("content-type", [""])[0]:
            case.validate_response(response, checks=[response_schema_conformance])
        statuses.add(response.status_code)

    holds()
    return statuses


def test_no_request_as_described_breaks_a_route(address: str) -> None:
    assert {200, 201, 404} <= bombard(address, VALID)


def test_no_request_unlike_its_description_breaks_a_route(address: str) -> None:
    assert {400, 404} <= bombard(address, NOT_VALID)
