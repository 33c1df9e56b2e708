"""What the routes take and give by which people and programs come in."""

from typing import Any

from hub.records.access import Role, Scope
from hub.web.login_api import Credentials
from hub.web.openapi.operation import Operation, Operations, fields, file, json
from hub.web.tokens_api import NewToken
from hub.web.users_api import NewPassword, NewRole, NewUser

_FORM = "application/x-www-form-urlencoded"
_HTML = file("text/html")
_ME = {"user": str | None, "role": Role | None, "scope": Scope | None}
_USER = fields(name=str, role=Role, created_at=str)
_TOKEN: dict[str, Any] = {
    "id": str,
    "name": str,
    "user": str,
    "scope": Scope,
    "created_at": str,
    "expires_at": str | None,
    "used_at": str | None,
}
_PAGE = Operation(query={"next": str}, answers={200: (_HTML,), 303: ()})


def _filled(summary: str) -> Operation:
    return Operation(
        summary=summary, query={"next": str}, body=(file(_FORM),), answers={303: (), 200: (_HTML,)}
    )


ACCESS_OPERATIONS: Operations = {
    "GET /login": _PAGE,
    "POST /login": _filled("What the form of that page sends"),
    "GET /welcome": _PAGE,
    "POST /welcome": _filled("What the form of that page sends"),
    "GET /login.css": Operation(answers={200: (file("text/css"),)}),
    "GET /api/hub/me": Operation(answers={200: (fields(**_ME, awaits_owner=bool),)}),
    "POST /api/hub/login": Operation(
        body=(json(Credentials),), body_is_required=True, answers={200: (fields(**_ME),)}
    ),
    "POST /api/hub/logout": Operation(answers={200: (fields(logged_out=bool),)}),
    "GET /api/hub/users": Operation(
        summary="Who may log in", answers={200: (fields(users=list[dict[str, Any]]),)}
    ),
    "POST /api/hub/users": Operation(
        summary="Make a user",
        body=(json(NewUser),),
        body_is_required=True,
        answers={201: (_USER,)},
    ),
    "DELETE /api/hub/users/{user}": Operation(
        summary="Remove a user, with all that lets it in",
        answers={200: (fields(user=str, removed=bool),)},
    ),
    "POST /api/hub/users/{user}/role": Operation(
        summary="Change at once what a user may do",
        body=(json(NewRole),),
        body_is_required=True,
        answers={200: (_USER,)},
    ),
    "POST /api/hub/users/{user}/password": Operation(
        summary="A new password: one's own with the current one, others' as admin",
        body=(json(NewPassword),),
        body_is_required=True,
        answers={200: (fields(user=str, changed=bool),)},
    ),
    "GET /api/hub/tokens": Operation(answers={200: (fields(tokens=list[dict[str, Any]]),)}),
    "POST /api/hub/tokens": Operation(
        summary="Make a token; its secret is told this once",
        body=(json(NewToken),),
        body_is_required=True,
        answers={201: (fields(**_TOKEN, token=str),)},
    ),
    "DELETE /api/hub/tokens/{token}": Operation(
        answers={200: (fields(id=str, revoked=bool),)},
    ),
}
