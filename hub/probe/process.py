"""The probe process: `python -m hub.probe.process --socket FD --memory BYTES`.

It opens files from outside, one request after the other, so that a file which crashes a decoder,
eats all memory or never ends costs this process and not the hub.
"""

import argparse
import os
import resource
import socket
import sys
import warnings

import msgspec
from PIL import Image

from hub.child import adopt_parent
from hub.probe.inspection import inspect
from hub.probe.messages import (
    OUT_OF_MEMORY,
    Answer,
    Inspect,
    Inspected,
    MakeThumbnail,
    Refused,
    Request,
    ThumbnailMade,
)
from hub.probe.thumbnails import thumbnail
from hub.probe.unopenable import Unopenable
from hub.wire import frame, receive_frame


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
    serve(connection)


def serve(connection: socket.socket) -> None:
    """Read requests and write answers.

    Address space does not come back in one piece after it ran out, so that ends the process.
    """
    decoder = msgspec.msgpack.Decoder(Request)
    while (payload := receive_frame(connection)) is not None:
        try:
            reply = answer(decoder.decode(payload))
        except MemoryError:
            os._exit(OUT_OF_MEMORY)
        connection.sendall(frame(msgspec.msgpack.encode(reply)))


def answer(request: Request) -> Answer:
    """Carry out one request."""
    match request:
        case Inspect(path=path):
            return Inspected(inspect(path))
        case MakeThumbnail(path=path, longest_side=longest_side):
            try:
                return ThumbnailMade(thumbnail(path, longest_side))
            except Unopenable as problem:
                return Refused(str(problem))


if __name__ == "__main__":
    main()
