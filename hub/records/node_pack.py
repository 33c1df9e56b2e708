"""A node pack: a folder or file of third-party nodes, and what became of it in a worker."""

import msgspec


class PackRoute(msgspec.Struct, frozen=True, kw_only=True):
    """An address that a pack's code answers. `method` may be `*`; `path` is as the pack wrote it,
    and `pattern` the regular expression that the path of a request has to match as a whole."""

    method: str
    path: str
    pattern: str


class NodePack(msgspec.Struct, frozen=True, kw_only=True):
    """`nodes` are the class types it brought; `error` says in a sentence why it brought none.

    `web` is its folder of files for the editor, by the name `web_name`; `seconds` its loading took.
    `problems` are what else it wanted and does not get, each in a sentence.
    """

    name: str
    folder: str
    seconds: float
    nodes: tuple[str, ...] = ()
    error: str | None = None
    traceback: str = ""
    web: str | None = None
    web_name: str | None = None
    routes: tuple[PackRoute, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def is_loaded(self) -> bool:
        """Whether it brought what it has, or some of it."""
        return bool(self.nodes) or self.error is None
