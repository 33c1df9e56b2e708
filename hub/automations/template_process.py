"""The process that renders templates which calculate: `python -m hub.automations.template_process`.

It answers one request after the other. The system limits its memory, and ends it when a template
computes for too long.
"""

import argparse
import json
import resource
import signal
from contextlib import suppress
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from hub.automations.template_environment import TemplateFailed
from hub.automations.template_facts import FactNeeded
from hub.automations.template_render import render
from hub.child import adopt_parent
from hub.wire import frame, receive_frame


def main() -> None:
    """Answer until the hub closes the socket. The first frame says that the process is ready."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--socket", type=int, required=True)
    parser.add_argument("--deadline", type=float, required=True)
    parser.add_argument("--memory-limit", type=int, required=True)
    parser.add_argument("--output-limit", type=int, required=True)
    arguments = parser.parse_args()
    connection = adopt_parent(arguments.socket)
    resource.setrlimit(resource.RLIMIT_AS, (arguments.memory_limit, arguments.memory_limit))
    with suppress(ConnectionError):  # the hub is gone
        connection.sendall(frame(b"ready"))
        while (request := receive_frame(connection)) is not None:
            signal.setitimer(signal.ITIMER_PROF, arguments.deadline)
            answer = _answer(json.loads(request), arguments.output_limit)
            signal.setitimer(signal.ITIMER_PROF, 0)
            connection.sendall(frame(answer))


def _answer(request: dict[str, Any], output_limit: int) -> bytes:
    """`{"value": …}`, `{"needs": [kind, subject]}`, or `{"problem": …}` with all about it."""
    source = request["source"]
    try:
        value = render(
            source,
            request["variables"],
            native=request["native"],
            now=datetime.fromisoformat(request["now"]),
            zone=ZoneInfo(request["zone"]),
            output_limit=output_limit,
            facts=request["facts"],
        )
        return _encoded(source, value, output_limit)
    except FactNeeded as fact:
        return json.dumps({"needs": [fact.kind, fact.subject]}).encode()
    except TemplateFailed as error:
        about = {"line": error.line, "lies_in_kinds": error.lies_in_kinds}
        return json.dumps({"problem": error.problem, **about}).encode()


def _encoded(source: str, value: Any, limit: int) -> bytes:
    encoded = json.dumps({"value": value})
    if not isinstance(value, str) and len(encoded) > limit:
        raise TemplateFailed(source, f"it gives more than {limit} characters of JSON")
    return encoded.encode()


if __name__ == "__main__":
    main()
