"""The document itself: every route, with what its docstring and its operation say of it."""

import inspect
import re
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import version
from typing import Any

import msgspec
from aiohttp import web

from hub.web.openapi.access_operations import ACCESS_OPERATIONS
from hub.web.openapi.comfy_operations import COMFY_OPERATIONS
from hub.web.openapi.hub_operations import HUB_OPERATIONS
from hub.web.openapi.operation import Content, Operation
from hub.web.scoped import needed_scope

OPERATIONS = {**ACCESS_OPERATIONS, **HUB_OPERATIONS, **COMFY_OPERATIONS}
# The same routes once more, for clients that ask there.
ECHOES = ("/api/", "/editor/")
_PATTERN = re.compile(r"\{(\w+)(?::((?:[^{}]|\{[^{}]*\})*))?\}")  # {name} and {name:expression}
_ROUTE = re.compile(r"[A-Z]+(?:, [A-Z]+)*(?: or [A-Z]+)? /\S*?(?=[:;.]?(?:\s|$))[:;.]?\s*")
_REFERENCE = "#/components/schemas/{name}"
_ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["type", "message"],
            "properties": {"type": {"type": "string"}, "message": {"type": "string"}},
        }
    },
}
Schema = dict[str, Any]


def described_routes(routes: Iterable[web.RouteDef]) -> Iterator[tuple[str, web.RouteDef]]:
    """Each route once, by method and plain path; echoes of others are left out."""
    plain = {f"{route.method} {plain_path(route.path)}": route for route in routes}
    for name, route in plain.items():
        if not any(
            echoed in plain
            for prefix in ECHOES
            if (echoed := name.replace(f" {prefix}", " /", 1)) != name
        ):
            yield name, route


def plain_path(path: str) -> str:
    """Without the expressions that parts of it must match."""
    return _PATTERN.sub(r"{\1}", path)


def document(routes: Iterable[web.RouteDef]) -> dict[str, Any]:
    """OpenAPI 3.1."""
    found = dict(described_routes(routes))
    schemas = _Schemas(OPERATIONS.values())
    paths: dict[str, Any] = {}
    for name, route in found.items():
        method, path = name.split()
        paths.setdefault(path, {})[method.lower()] = _operation(
            route, OPERATIONS.get(name, Operation()), schemas
        )
    return {
        "openapi": "3.1.0",
        "info": {"title": "workflow-hub", "version": version("workflow-hub")},
        "paths": paths,
        "components": {
            "schemas": {**schemas.components, "Error": _ERROR},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


class _Schemas:
    """The JSON schemas of all types that operations name; what has a name is referred to."""

    def __init__(self, operations: Iterable[Operation]) -> None:
        types = [kind for operation in operations for kind in _types(operation)]
        made, self.components = msgspec.json.schema_components(types, ref_template=_REFERENCE)
        self._by_type = [(kind, schema) for kind, schema in zip(types, made, strict=True)]

    def of(self, kind: Any) -> Schema:
        return next(schema for known, schema in self._by_type if known is kind or known == kind)

    def of_content(self, content: Content) -> Schema:
        if content.type is not None:
            return self.of(content.type)
        if not content.fields:
            return {"type": "string", "format": "binary"} if "form" not in content.media else {}
        properties = {name: self.of(kind) for name, kind in content.fields.items()}
        return {"type": "object", "properties": properties}


def _types(operation: Operation) -> Iterator[Any]:
    yield from operation.query.values()
    yield from operation.headers.values()
    for contents in (operation.body, *operation.answers.values()):
        for content in contents:
            yield from content.fields.values()
            if content.type is not None:
                yield content.type


def _operation(route: web.RouteDef, operation: Operation, schemas: _Schemas) -> dict[str, Any]:
    scope = needed_scope(route.handler)
    summary, description = _words(route)
    made: dict[str, Any] = {
        "summary": operation.summary or summary,
        "description": description,
        "operationId": _identity(route),
        "tags": ["hub" if route.path.startswith("/api/hub/") else "others"],
        "parameters": [*_in_path(route.path), *_given(operation, schemas)],
        "responses": {
            **{
                str(status): {"description": _STATUSES[status], **_bodies(contents, schemas)}
                for status, contents in operation.answers.items()
            },
            "default": {
                "description": "It went otherwise; `message` says why.",
                "content": {
                    "application/json": {"schema": {"$ref": _REFERENCE.format(name="Error")}}
                },
            },
        },
    }
    if scope is not None:
        made |= {"security": [{}, {"token": []}], "x-scope": scope.value}
    if operation.body:
        made["requestBody"] = {
            "required": operation.body_is_required,
            **_bodies(operation.body, schemas),
        }
    return made


_STATUSES = {
    101: "A WebSocket is open.",
    200: "It is done.",
    201: "It was made.",
    202: "It is on disk, and will be done.",
    204: "It is gone.",
    303: "It goes on elsewhere.",
    503: "Not at present.",
}


def _words(route: web.RouteDef) -> tuple[str, str]:
    """The first sentence of the handler's docstring, without the route it begins with, and all."""
    text = _ROUTE.sub("", inspect.getdoc(route.handler) or "", count=1)
    first, _, _ = text.partition("\n\n")
    line = " ".join(first.split()).rstrip(".")
    return line[:1].upper() + line[1:], " ".join(text.split())


def _identity(route: web.RouteDef) -> str:
    words = re.findall(r"\w+", plain_path(route.path))
    return "_".join([route.method.lower(), *words])


def _in_path(path: str) -> Iterator[Schema]:
    for name, expression in _PATTERN.findall(path):
        schema: Schema = {"type": "string", "minLength": 1}
        if expression:
            schema["pattern"] = f"^{expression}$"
        yield {"name": name, "in": "path", "required": True, "schema": schema}


def _given(operation: Operation, schemas: _Schemas) -> Iterator[Schema]:
    for place, types in (("query", operation.query), ("header", operation.headers)):
        for name, kind in types.items():
            yield {"name": name, "in": place, "required": False, "schema": schemas.of(kind)}


def _bodies(contents: tuple[Content, ...], schemas: _Schemas) -> Mapping[str, Any]:
    if not contents:
        return {}
    return {
        "content": {content.media: {"schema": schemas.of_content(content)} for content in contents}
    }
