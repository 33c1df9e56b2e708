"""Every route says which scope it needs."""

import pytest
from aiohttp import web

from hub.records.access import Role, Scope
from hub.web.scoped import needed_scope, public, read, run, says_scope
from hub.web.server import ROUTES

PUBLIC = {
    *("/healthz", "/readyz", "/api/webhook/{webhook}"),
    *("/login", "/login.css", "/welcome", "/api/hub/login", "/api/hub/logout", "/api/hub/me"),
}


async def handler(request: web.Request) -> web.Response:
    """What it answers."""
    return web.Response()


def test_every_route_says_what_it_needs() -> None:
    assert [route.path for route in ROUTES if not says_scope(route.handler)] == []


def test_only_few_routes_are_public() -> None:
    assert {route.path for route in ROUTES if needed_scope(route.handler) is None} == PUBLIC


def test_whatever_changes_something_needs_more_than_reading() -> None:
    asked_by_post = {
        "/api/hub/check",  # asks for something too long for an address
        "/api/hub/users/{user}/password",  # everybody's own
        "/api/hub/tokens",
        "/api/hub/tokens/{token}",
    }
    offences = [
        route.path
        for route in ROUTES
        if route.method != "GET" and needed_scope(route.handler) is Scope.READ
    ]
    assert set(offences) == asked_by_post


def test_one_handler_may_serve_routes_of_different_scopes() -> None:
    scopes = [needed_scope(each.get("/x", handler).handler) for each in (public, read, run)]
    assert scopes == [None, Scope.READ, Scope.RUN]


def test_a_handler_that_says_nothing_is_for_admins() -> None:
    assert needed_scope(handler) is Scope.ADMIN


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (Role.VIEWER, [Scope.READ]),
        (Role.OPERATOR, [Scope.READ, Scope.RUN]),
        (Role.ADMIN, [Scope.READ, Scope.RUN, Scope.ADMIN]),
    ],
)
def test_a_scope_includes_those_before_it(role: Role, may: list[Scope]) -> None:
    assert [scope for scope in Scope if role.scope.includes(scope)] == may
