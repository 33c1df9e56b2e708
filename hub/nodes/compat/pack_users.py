"""The one user that packs find, and the user's folder."""

from typing import Any

from hub.config.folders import Folders
from hub.nodes.compat.not_yet import not_yet

_missing = not_yet("server.PromptServer.instance.user_manager")
USER = "default"


class PackUsers:
    """`PromptServer.instance.user_manager`."""

    def __init__(self, folders: Folders) -> None:
        self._folder = folders.data / "user" / USER

    def get_request_user_id(self, request: Any) -> str:
        return USER

    def get_request_user_filepath(
        self,
        request: Any,
        file: str | None,
        type: str = "userdata",  # noqa: A002 - packs may name it
        create_dir: bool = True,
    ) -> str | None:
        """A file of the user's, or without `file` the folder; None if it would lie outside."""
        path = self._folder / file if file is not None else self._folder
        if not path.resolve().is_relative_to(self._folder.resolve()):
            return None
        if create_dir:
            path.parent.mkdir(parents=True, exist_ok=True)
        return str(path)

    def __getattr__(self, name: str) -> Any:
        return _missing(name)
