"""Files of the configuration as texts, for an editor, which keeps every comment as it is."""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from hub.errors import Conflict

LARGEST = 4 << 20  # bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class TextFile:
    """One file. `name` is relative to the configuration folder; `version` changes with the text,
    and is None while there is no such file."""

    name: str
    text: str
    version: str | None


class ChangedMeanwhile(Conflict):
    """Somebody else has written the file since it was read."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} was changed since you began. Copy what you have, and read the file again."
        )


class NotWritten(Conflict):
    """The file cannot be read or written."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name} cannot be saved: {reason}.")


def read_text(config: Path, name: str) -> TextFile:
    """One without a text where there is none. Raises `NotWritten`."""
    try:
        return _text_of(name, (config / name).read_bytes())
    except FileNotFoundError:
        return TextFile(name=name, text="", version=None)
    except OSError as error:
        raise NotWritten(name, error.strerror or str(error)) from error


def write_text(config: Path, name: str, text: str, *, version: str | None) -> TextFile:
    """Replace the file, all at once, if it still has that version.

    Raises `ChangedMeanwhile`, `NotWritten`.
    """
    content = text.encode("utf-8", "surrogateescape")
    if len(content) > LARGEST:
        raise NotWritten(name, f"it has more than {LARGEST >> 20} MiB")
    if read_text(config, name).version != version:
        raise ChangedMeanwhile(name)
    try:
        _replace(config / name, content)
    except OSError as error:
        raise NotWritten(name, error.strerror or str(error)) from error
    return _text_of(name, content)


def _text_of(name: str, content: bytes) -> TextFile:
    text = content.decode("utf-8-sig", "surrogateescape")
    return TextFile(name=name, text=text, version=hashlib.sha256(content).hexdigest())


def _replace(path: Path, content: bytes) -> None:
    """Whoever reads the file finds the old text or the new one, and never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    target = path.resolve()  # a link stays one
    mode = target.stat().st_mode if target.exists() else 0o644
    descriptor, temporary = tempfile.mkstemp(prefix=".", suffix=".saving", dir=target.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(mode & 0o777)
        Path(temporary).replace(target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
