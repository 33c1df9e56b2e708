"""The probe process: `python -m hub.probe.process --socket FD --memory BYTES`.

It opens files from outside, one request after the other, so that a file which crashes a decoder,
eats all memory or never ends costs this process and not the hub.
"""

import argparse
import os
import resource
import socket
import sys
import time
import warnings
from collections.abc import Callable
from contextlib import suppress

import msgspec
from PIL import Image

from hub.child import adopt_parent
from hub.probe.conversion import converted, with_alpha_of
from hub.probe.embedded import embedded_workflow
from hub.probe.inspection import inspect
from hub.probe.looks import look
from hub.probe.messages import (
    OUT_OF_MEMORY,
    Answer,
    Convert,
    FindWorkflow,
    Inspect,
    Inspected,
    LookAt,
    Looked,
    MakeThumbnail,
    PictureMade,
    Refused,
    ReplaceAlpha,
    Request,
    Requests,
    ThumbnailMade,
    WorkflowFound,
)
from hub.probe.thumbnails import thumbnail
from hub.probe.unopenable import Unopenable
from hub.wire import frame, receive_frame

_SOON = 0.02  # seconds for which an answer waits for the next


def main() -> None:
    """Answer until the hub closes the socket."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--socket", type=int, required=True)
    parser.add_argument("--memory", type=int, required=True)
    arguments = parser.parse_args()
    connection = adopt_parent(arguments.socket)
    if sys.platform == "linux":  # elsewhere the limit is refused or not kept
        resource.setrlimit(resource.RLIMIT_AS, (arguments.memory, arguments.memory))
    warnings.simplefilter("ignore")  # remarks about harmless oddities would only fill the log
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    with suppress(ConnectionError):  # the hub is gone
        serve(connection)


def serve(connection: socket.socket) -> None:
    """Read requests and write answers, at once those that are ready at about the same time.

    Address space does not come back in one piece after it ran out, so that ends the process.
    """
    decoder = msgspec.msgpack.Decoder(Requests)
    while (payload := receive_frame(connection)) is not None:
        ready, since = bytearray(), time.monotonic()
        for request in decoder.decode(payload):
            try:
                ready += frame(msgspec.msgpack.encode(answer(request)))
            except MemoryError:
                os._exit(OUT_OF_MEMORY)
            if time.monotonic() - since > _SOON:
                connection.sendall(ready)
                ready, since = bytearray(), time.monotonic()
        connection.sendall(ready)


def answer(request: Request) -> Answer:
    """Carry out one request."""
    match request:
        case Inspect(path=path):
            return Inspected(inspect(path))
        case MakeThumbnail(path=path, longest_side=longest_side):
            return _unless_refused(lambda: ThumbnailMade(thumbnail(path, longest_side)))
        case LookAt(path=path):
            return _unless_refused(lambda: Looked(look(path)))
        case Convert():
            return _unless_refused(lambda: PictureMade(converted(request)))
        case ReplaceAlpha(path=path, mask=mask):
            return _unless_refused(lambda: PictureMade(with_alpha_of(path, mask)))
        case FindWorkflow(path=path):
            return _unless_refused(lambda: WorkflowFound(embedded_workflow(path)))


def _unless_refused(work: Callable[[], Answer]) -> Answer:
    try:
        return work()
    except Unopenable as problem:
        return Refused(str(problem))


if __name__ == "__main__":
    main()
