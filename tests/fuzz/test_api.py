"""Whatever is sent to the API as its description allows, or just not: no route breaks."""

from contextlib import suppress
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from requests import Session
from schemathesis.specs.openapi.checks import response_schema_conformance

KINDS = {"valid": schemathesis.GenerationMode.POSITIVE, "not": schemathesis.GenerationMode.NEGATIVE}
SECONDS = 100  # only what hangs takes so long


def bombard(address: str, kind: str, examples: int) -> None:
    schema: Any = schemathesis.openapi.from_url(f"{address}/api/hub/openapi.json")
    with Session() as session:
        for found in schema.get_all_operations():
            operation = found.ok()
            if "101" in operation.definition.raw["responses"]:
                continue  # a WebSocket
            takes_something = operation.body or list(operation.iter_parameters())
            attempt(session, operation, KINDS[kind], examples if takes_something else 1)


def attempt(session: Session, operation: Any, kind: Any, examples: int) -> None:
    @given(case=operation.as_strategy(generation_mode=kind))
    @settings(
        max_examples=examples,
        phases=[Phase.generate],
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    def holds(case: Any) -> None:
        response = case.call(session=session, timeout=SECONDS)
        assert response.status_code < 500 or response.status_code == 503, response.text
        if response.status_code < 400 and "json" in response.headers.get("content-type", [""])[0]:
            case.validate_response(response, checks=[response_schema_conformance])

    with suppress(Unsatisfiable):  # nothing about it can be wrong
        holds()


def test_no_request_breaks_a_route(address: str) -> None:
    bombard(address, "valid", examples=3)


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("kind", KINDS)
def test_none_of_many_requests_breaks_a_route(address: str, kind: str) -> None:
    bombard(address, kind, examples=20)
