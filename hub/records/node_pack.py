"""A node pack: a folder or file of third-party nodes, and what became of it in a worker."""

import msgspec


class NodePack(msgspec.Struct, frozen=True, kw_only=True):
    """`nodes` are the class types it brought; `error` says in a sentence why it brought none.

    `web` is its folder of files for the editor, by the name `web_name`; `seconds` its loading took.
    """

    name: str
    folder: str
    seconds: float
    nodes: tuple[str, ...] = ()
    error: str | None = None
    traceback: str = ""
    web: str | None = None
    web_name: str | None = None
