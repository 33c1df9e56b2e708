"""A disk that loses what was not synced, as at a power cut: a real file system, cut off by the
kernel itself. Files, folders and journal are then just as they were last synced."""

import fcntl
import os
import shutil
import struct
import subprocess
from pathlib import Path

_SHUT_DOWN = 0x8004587D  # EXT4_IOC_SHUTDOWN of the kernel's fs/ext4/ext4.h
_WITHOUT_FLUSHING = struct.pack("I", 2)  # EXT4_GOING_FLAGS_NOLOGFLUSH


class LosingDisk:
    """`folder` is where it is mounted, with options that keep the kernel from syncing what nobody
    asked it to, which would only make a test pass by luck."""

    def __init__(self, image: Path, folder: Path) -> None:
        self.folder = folder
        self._image = image
        folder.mkdir()
        with image.open("wb") as file:
            file.truncate(1 << 30)
        subprocess.run(["mkfs.ext4", "-q", str(image)], check=True)

    def mount(self) -> None:
        options = "loop,commit=600,data=writeback"
        command = ["mount", "-o", options, str(self._image), str(self.folder)]
        subprocess.run(command, check=True, capture_output=True)

    def sync(self) -> None:
        """All that is written so far, of this file system alone."""
        subprocess.run(["sync", "-f", str(self.folder)], check=True)

    def cut(self) -> None:
        """The power goes: nothing more reaches the disk, and nothing can be read from it."""
        descriptor = os.open(self.folder, os.O_RDONLY)
        try:
            fcntl.ioctl(descriptor, _SHUT_DOWN, _WITHOUT_FLUSHING)
        finally:
            os.close(descriptor)

    def unmount(self) -> None:
        subprocess.run(["umount", str(self.folder)], check=True)

    def put_away(self) -> None:
        """Whatever state it is in."""
        subprocess.run(["umount", "-l", str(self.folder)], check=False, capture_output=True)
        self._image.unlink()


def can_lose() -> bool:
    """Whether such a disk can be made here: only root can, and not in every container."""
    return os.geteuid() == 0 and shutil.which("mkfs.ext4") is not None
