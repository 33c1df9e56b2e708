"""The template process: renders what may take long or loop, so that the hub need not.

It takes one request after the other, each a JSON object in a frame, and answers `{"value": …}` or
`{"error": …}`. Whoever waits too long for it kills it.
"""

import argparse
import json
import resource
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from hub.automations.template_environment import render
from hub.child import adopt_parent
from hub.errors import Invalid
from hub.wire import frame, receive_frame


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--socket", type=int, required=True)
    parser.add_argument("--memory", type=int, required=True, help="bytes of address space")
    arguments = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_AS, (arguments.memory, arguments.memory))
    connection = adopt_parent(arguments.socket)
    while (payload := receive_frame(connection)) is not None:
        connection.sendall(frame(json.dumps(_answer(json.loads(payload))).encode()))


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    try:
        value = render(
            request["source"],
            request["variables"],
            native=request["native"],
            moment=datetime.fromisoformat(request["moment"]),
            zone=ZoneInfo(request["zone"]),
        )
        return _within_limit(_plain(value), request["limit"])
    except Invalid as error:
        return {"error": str(error)}
    except MemoryError:
        return {"error": "The template needed more memory than it may have."}
    except RecursionError:
        return {"error": "The template is nested too deeply."}


def _within_limit(value: Any, limit: int) -> dict[str, Any]:
    if len(json.dumps(value)) > limit:
        return {"error": f"The template's result is larger than {limit} characters."}
    return {"value": value}


def _plain(value: Any) -> Any:
    """What JSON can carry: moments as ISO text, iterators as lists, anything else as its text."""
    match value:
        case None | bool() | int() | float() | str():
            return value
        case dict():
            return {str(key): _plain(inner) for key, inner in value.items()}
        case datetime():
            return value.isoformat()
        case list() | tuple() | set() | range():
            return [_plain(inner) for inner in value]
        case _ if hasattr(value, "__next__"):
            return [_plain(inner) for inner in value]
        case _:
            return str(value)


if __name__ == "__main__":
    main()
