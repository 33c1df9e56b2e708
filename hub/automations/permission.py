"""Where actions may write."""

from pathlib import Path

from hub.config.folders import Folders
from hub.errors import Invalid


class NotAllowed(Invalid):
    """An action wanted to touch a file outside the allowed folders."""

    def __init__(self, path: Path, folders: Folders) -> None:
        allowed = ", ".join(str(folder) for folder in folders.allowed.paths) or "none"
        super().__init__(
            f"{path} lies outside the folders that automations may touch ({allowed}). "
            "Add its folder to `folders: allow:` in hub.yaml."
        )


def permitted(path: Path, folders: Folders) -> Path:
    """`path`, counted from the configuration folder. Raises `NotAllowed`."""
    whole = folders.config / path
    if not folders.allows(whole):
        raise NotAllowed(whole, folders)
    return whole
