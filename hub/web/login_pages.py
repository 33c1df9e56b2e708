"""Pages where people come in: `/login`, and `/welcome` for the first of all.

They are plain forms without scripts, and share nothing with the hub's page, so that nobody who has
not logged in is handed any of it. They are sent to the address at which they are shown, as browsers
keep what stands behind its `#`: that is the page to which somebody wanted to go.
"""

import asyncio
import re
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from string import Template
from urllib.parse import parse_qsl

from aiohttp import web

from hub.errors import HubError
from hub.web.bodies import read_body
from hub.web.errors import status_of
from hub.web.login_cookie import set_login
from hub.web.parts import parts_of

FOLDER = Path(__file__).parent / "entrance"
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'",
    # With `no-referrer` browsers would not say whose form it is that they send.
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_HERE = re.compile(r"/(?![/\\])[^\x00-\x20\x7f\\]*")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Field:
    name: str
    label: str
    kind: str = "text"
    autocomplete: str = "off"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Form:
    title: str
    hint: str
    button: str
    fields: tuple[_Field, ...]


_NAME = _Field(name="name", label="Name", autocomplete="username")
_LOGIN = _Form(
    title="Log in",
    hint="This hub wants to know who you are.",
    button="Log in",
    fields=(
        _NAME,
        _Field(
            name="password",
            label="Password",
            kind="password",
            autocomplete="current-password",
        ),
    ),
)
_WELCOME = _Form(
    title="Welcome to your new hub",
    hint="Nobody can log in yet. The hub printed a code when it started: who has it becomes the "
    "owner, who may do everything.",
    button="Become the owner",
    fields=(
        _Field(name="code", label="Code from the terminal"),
        _NAME,
        _Field(
            name="password",
            label="New password (8 characters or more)",
            kind="password",
            autocomplete="new-password",
        ),
    ),
)


async def show_login(request: web.Request) -> web.Response:
    """GET /login?next=: a form for name and password; before there is anybody, `/welcome`."""
    if parts_of(request).door.welcome_code:
        raise web.HTTPSeeOther("/welcome")
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        # Who follows a link of another site comes without a cookie, and may have one all the same.
        return _html(f'<meta http-equiv="refresh" content="0; url={escape(_wanted(request))}">')
    return await _page(request, _LOGIN)


async def log_in(request: web.Request) -> web.Response:
    """POST /login?next=: what the form sends; then back to where somebody wanted to go."""
    door, filled = parts_of(request).door, await _filled(request)
    try:
        secret = await door.reception.log_in(
            filled["name"], filled["password"], door.caller(request).address
        )
    except HubError as error:
        return await _page(request, _LOGIN, error)
    return _come_in(request, secret)


async def show_welcome(request: web.Request) -> web.Response:
    """GET /welcome: a form for the code from the terminal, and the owner's name and password."""
    if not parts_of(request).door.welcome_code:
        raise web.HTTPSeeOther("/login")
    return await _page(request, _WELCOME)


async def make_owner(request: web.Request) -> web.Response:
    """POST /welcome: what the form sends."""
    door, filled = parts_of(request).door, await _filled(request)
    address = door.caller(request).address
    try:
        await door.reception.make_owner(filled["code"], filled["name"], filled["password"], address)
        secret = await door.reception.log_in(filled["name"], filled["password"], address)
    except HubError as error:
        return await _page(request, _WELCOME, error)
    return _come_in(request, secret)


async def send_style(request: web.Request) -> web.FileResponse:
    """GET /login.css: how these pages look."""
    return web.FileResponse(FOLDER / "login.css", headers={"Cache-Control": "no-cache"})


async def _filled(request: web.Request) -> dict[str, str]:
    pairs = parse_qsl((await read_body(request)).decode(errors="replace"), keep_blank_values=True)
    return {"code": "", "name": "", "password": ""} | dict(pairs)


def _come_in(request: web.Request, secret: str) -> web.Response:
    response = web.Response(status=303, headers={"Location": _wanted(request)})
    set_login(request, response, secret)
    return response


async def _page(request: web.Request, form: _Form, problem: HubError | None = None) -> web.Response:
    template = await asyncio.to_thread(_template)
    text = template.substitute(
        title=form.title,
        hint=form.hint,
        button=form.button,
        fields="\n      ".join(map(_field, form.fields)),
        problem=f'<p class="problem" role="alert">{escape(str(problem))}</p>' if problem else "",
    )
    return _html(text, 200 if problem is None else status_of(problem))


def _html(text: str, status: int = 200) -> web.Response:
    return web.Response(text=text, status=status, content_type="text/html", headers=_HEADERS)


def _wanted(request: web.Request) -> str:
    """Where somebody wanted to go, if that is here."""
    wanted = request.query.get("next", "/")
    return wanted if _HERE.fullmatch(wanted) else "/"


def _field(field: _Field) -> str:
    return (
        f'<label>{field.label}<input name="{field.name}" type="{field.kind}" '
        f'autocomplete="{field.autocomplete}" autocapitalize="none" required></label>'
    )


@cache
def _template() -> Template:
    return Template((FOLDER / "page.html").read_text("utf-8"))
