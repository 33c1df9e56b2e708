"""Telling people: Apprise knows how to reach a hundred services by address.

It is imported late, since few hubs notify and it takes a while, and works in a thread, since it
waits for its services there.
"""

import asyncio
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hub.config.problems import closest
from hub.errors import NoSuch, Unavailable
from hub.probe.pool import NoThumbnail, ProbePool

# Of those that may be asked for; most services refuse or shrink larger pictures anyhow.
DEFAULT_THUMBNAIL = 1024  # pixels


class AppriseMissing(Unavailable):
    """The package that sends notifications is not installed."""

    def __init__(self) -> None:
        super().__init__(
            "Notifications need the package Apprise: pip install 'workflow-hub[notify]'."
        )


class NoSuchTarget(NoSuch):
    """Nobody of that name can be notified."""

    def __init__(self, name: str, known: Mapping[str, Any]) -> None:
        near = closest(name, known)
        hint = f"Did you mean {near!r}?" if near else "`notify:` in hub.yaml names them."
        super().__init__("notification target", name, hint)


class NotNotified(Unavailable):
    """A service did not take a notification."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"{name!r} could not be notified. {why}")


@dataclass(frozen=True, slots=True)
class _Text:
    title: str
    message: str
    is_failure: bool


class Notifier:
    """Sends notifications. `targets` are addresses as Apprise writes them, by name."""

    def __init__(self, targets: Mapping[str, Sequence[str]], probe: ProbePool) -> None:
        self._targets = targets
        self._probe = probe

    @property
    def names(self) -> Sequence[str]:
        """Everybody who can be notified."""
        return tuple(self._targets)

    async def send(
        self,
        names: Sequence[str],
        *,
        title: str,
        message: str,
        files: Sequence[Path] = (),
        thumbnail: int = 0,
        is_failure: bool = False,
    ) -> None:
        """Notify each of `names`, or with none all. Of pictures and videos thumbnails go along, of
        so many pixels, or with 0 the files themselves. Services that know kinds of notifications
        are told whether it `is_failure`.

        Raises `NoSuchTarget`, `AppriseMissing`, and `NotNotified` once all were tried.
        """
        for name in names:
            if name not in self._targets:
                raise NoSuchTarget(name, self._targets)
        addresses = {name: self._targets[name] for name in names or self._targets}
        pictures = [await self._picture(file, thumbnail) for file in files]
        text = _Text(title, message, is_failure)
        await asyncio.to_thread(_send_all, addresses, text, files, pictures)

    async def _picture(self, file: Path, thumbnail: int) -> bytes | None:
        if not thumbnail:
            return None
        try:
            return await self._probe.thumbnail(file, thumbnail)
        except NoThumbnail:
            return None  # a sound, for example, goes along as it is


def _send_all(
    addresses: Mapping[str, Sequence[str]],
    text: _Text,
    files: Sequence[Path],
    pictures: Sequence[bytes | None],
) -> None:
    with _attachable(files, pictures) as paths:
        failed = [
            NotNotified(name, why)
            for name, urls in addresses.items()
            for url in urls
            if (why := _send(url, text, paths))
        ]
    if failed:
        raise failed[0]


@contextmanager
def _attachable(files: Sequence[Path], pictures: Sequence[bytes | None]) -> Iterator[list[str]]:
    """Paths of what goes along; the pictures lie in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="hub-notify-") as folder:
        paths = []
        for number, (file, picture) in enumerate(zip(files, pictures, strict=True)):
            path = file
            if picture is not None:
                path = Path(folder, str(number), f"{file.stem}.jpg")
                path.parent.mkdir()
                path.write_bytes(picture)
            paths.append(str(path))
        yield paths


def _send(url: str, text: _Text, paths: list[str]) -> str:
    """Why it could not be sent; an empty text if it was."""
    try:
        import apprise
    except ImportError:
        raise AppriseMissing from None
    service = apprise.Apprise()
    if not service.add(url):
        return "Apprise does not know such an address; hub.yaml has it under `notify:`."
    kind = apprise.NotifyType.FAILURE if text.is_failure else apprise.NotifyType.INFO
    result = service.notify(
        body=text.message, title=text.title, notify_type=kind, attach=paths or None
    )
    if result:
        return ""
    told = [entry.message for entry in result.logs() if entry.level in ("WARNING", "ERROR")]
    if not told:
        return "The service could not be reached, or refused it; hub.yaml has its address."
    return f"The service said: {' '.join(told)}"
