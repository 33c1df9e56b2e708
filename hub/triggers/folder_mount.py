"""Which file system a folder lies on, from /proc/self/mountinfo (proc(5)).

A share that is not mounted leaves an empty folder behind. Only the identity of the mount tells
that from a folder whose files were all removed.
"""

import os
import re
from dataclasses import dataclass
from pathlib import Path

_MOUNTINFO = Path("/proc/self/mountinfo")
# File systems where others may write without this machine's kernel noticing.
_REMOTE = re.compile(r"nfs\d?|cifs|smb\d?|smbfs|9p|ceph|afs|virtiofs|vboxsf|fuse(\..*|blk)?")


@dataclass(frozen=True, kw_only=True, slots=True)
class Mount:
    """What is mounted below a folder: device or share, type, and which folder of it."""

    source: str
    type: str
    root: str = "/"

    @property
    def identity(self) -> str:
        """A text that stays the same as long as the same thing is mounted."""
        return f"{self.type} {self.source} {self.root}"

    @property
    def is_remote(self) -> bool:
        """Whether changes made elsewhere raise no hints here."""
        return _REMOTE.fullmatch(self.type) is not None


def mount_of(folder: str) -> Mount:
    """The mount that `folder` lies on. Raises `FileNotFoundError` if there is no such folder.

    Systems without mountinfo give the device number, which may change with every start.
    """
    status = os.stat(folder)  # noqa: PTH116 - texts with surrogates, like the rest of scanning
    try:
        table = _MOUNTINFO.read_bytes().decode(errors="surrogateescape")
    except OSError:
        return Mount(source=str(status.st_dev), type="device")
    return mount_in(table, os.path.realpath(folder))


def mount_in(table: str, folder: str) -> Mount:
    """The mount of `folder` in a mountinfo table: the last of those with the longest mount point,
    as later ones cover earlier ones."""
    found, longest = Mount(source="none", type="none"), -1
    for line in table.splitlines():
        before, _, after = line.partition(" - ")
        root, point = (_unescaped(field) for field in before.split(" ")[3:5])
        if len(point) >= longest and f"{folder}/".startswith(point.rstrip("/") + "/"):
            longest = len(point)
            kind, source = after.split(" ")[:2]
            found = Mount(source=_unescaped(source), type=kind, root=root)
    return found


def _unescaped(field: str) -> str:
    return re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), field)
