"""ComfyUI's `/api/assets` and `/api/tags`: a server without its asset database says that it has
none, and its clients list files as they did before there was one."""

from aiohttp import web

from hub.web.json_text import answer

_ERROR = {
    "code": "SERVICE_DISABLED",
    "message": "This hub keeps no assets. Outputs are told by /history, models by /models.",
    "details": {},
}


async def refuse(request: web.Request) -> web.Response:
    """/api/assets: 503, as ComfyUI answers where assets are switched off."""
    return answer({"error": _ERROR}, status=503)
