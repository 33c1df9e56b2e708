"""The resume point of a sampling: the log of what the model has answered, in a file.

What a sampler was sent is all that it knows, so a fresh one that is sent the same again is where
the other was, and no model is asked for it. An answer is given again only to the very request that
it was an answer to; so a sampler that draws by chance goes on from where it first did. A quick
sampling writes nothing. What could not be written costs time after a crash, and never the sampling
itself.

    magic, fingerprint, then for each answer: whether it has an unguided part, how many latents the
    guidance kept, checksums of the request and of the answer, the places of those kept, numbers

State: `_untold` are records that are not in the file yet; `_file` is open once some
are there; `_bytes` is how much they take; `_is_on` says that answers are still noted.
"""

import io
import logging
import struct
import time
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import Tensor

from hub.engine.models.evaluation import Memory
from hub.engine.models.fingerprint import tensor_bytes
from hub.engine.sampling.denoising import Answer, Denoise

log = logging.getLogger(__name__)

MOST_BYTES = 256 << 20
"""The log of a sampling ends here: it can go on from there, if not from where it was."""

_MAGIC = b"answers3"
_HEADER_BYTES = len(_MAGIC) + 32
_RECORD = struct.Struct("<BBII")
_SECONDS_BETWEEN_WRITES = 2.0


@dataclass(frozen=True, kw_only=True, slots=True)
class ResumeAt:
    """Where the answers of a sampling are noted, once it has taken so many `seconds`."""

    path: Path
    seconds: float


class AnswerLog:
    """The answers to one sampler, each like `x`, whose sampling has that `fingerprint`.

    The fingerprint is asked for only when there is something to read or to write.
    """

    def __init__(self, at: ResumeAt, x: Tensor, fingerprint: Callable[[], bytes]) -> None:
        self._at = at
        self._x = x
        self._fingerprint = fingerprint
        self._file: io.BufferedRandom | None = None
        self._untold: list[tuple[Denoise, Answer, Memory]] = []
        self._bytes = 0
        self._is_on = True
        self._write_at = time.monotonic() + at.seconds

    def recalled(self, request: Denoise, memory: Memory) -> Answer | None:
        """What an earlier attempt was answered to this request; requests come in the same order.
        Guidance gets the `memory` that it had then.

        None once it had got no further, or had asked something else; what is added follows there.
        """
        try:
            if self._file is None and self._at.path.exists():
                self._file = self._opened()
            if self._file is None:
                return None
            answer = self._read(self._file, request, memory)
            if answer is None:
                self._file.truncate(self._file.seek(_HEADER_BYTES + self._bytes))
        except OSError as error:
            self._give_up(error)
            return None
        return answer

    def add(self, request: Denoise, answer: Answer, memory: Memory) -> None:
        """Note an answer, and what guidance keeps since; now and then write what was noted."""
        if not self._is_on:
            return
        self._bytes += self._size(len(_parts(answer, memory)), len(memory))
        if self._bytes > MOST_BYTES or not all(map(self._is_like_x, _parts(answer, memory))):
            self._is_on = False
        else:  # a sampler may write into what it asked about, later on
            asked = replace(request, x=request.x.clone())
            self._untold.append((asked, answer, dict(memory)))
        if time.monotonic() >= self._write_at:
            self._write()

    def close(self) -> None:
        """The sampling is over, well or not; the file stays until its run is over too."""
        self._is_on = False
        self._untold = []
        if self._file:
            with suppress(OSError):
                self._file.close()

    def _write(self) -> None:
        self._write_at = time.monotonic() + min(_SECONDS_BETWEEN_WRITES, self._at.seconds)
        try:
            if self._file is None:
                self._file = self._at.path.open("w+b")
                self._file.write(_MAGIC + self._fingerprint())
            for noted in self._untold:
                self._file.write(_record(*noted))
            self._file.flush()
        except OSError as error:
            self._give_up(error)
        self._untold = []

    def _opened(self) -> io.BufferedRandom | None:
        """The file, at its first answer; None where it is of another sampling."""
        file = self._at.path.open("r+b")
        if file.read(_HEADER_BYTES) == _MAGIC + self._fingerprint():
            return file
        file.close()
        return None

    def _read(self, file: io.BufferedRandom, request: Denoise, memory: Memory) -> Answer | None:
        """None too where an answer is not whole, as its process ended in the middle of it."""
        if len(head := file.read(_RECORD.size)) < _RECORD.size:
            return None
        has_unguided, kept, asked, checksum = _RECORD.unpack(head)
        answered = 1 + has_unguided
        size = self._size(answered + kept, kept)
        content = file.read(size - _RECORD.size)
        if asked != _checksum(request) or checksum != zlib.crc32(content):
            return None
        numbers = torch.frombuffer(bytearray(content[kept:]), dtype=self._x.dtype)
        parts = numbers.reshape(answered + kept, *self._x.shape).to(self._x.device)
        memory.clear()
        memory.update(zip(content[:kept], parts[answered:], strict=True))
        self._bytes += size
        return Answer(*parts[:answered])

    def _size(self, parts: int, kept: int) -> int:
        return _RECORD.size + kept + self._x.nbytes * parts

    def _is_like_x(self, part: Tensor) -> bool:
        return part.shape == self._x.shape and part.dtype == self._x.dtype

    def _give_up(self, error: OSError) -> None:
        log.warning("A sampling cannot be noted at %s: %s", self._at.path, error)
        self.close()


def _record(request: Denoise, answer: Answer, memory: Memory) -> bytes:
    content = bytes(memory) + b"".join(map(tensor_bytes, _parts(answer, memory)))
    has_unguided = answer.unguided is not None
    return (
        _RECORD.pack(has_unguided, len(memory), _checksum(request), zlib.crc32(content)) + content
    )


def _parts(answer: Answer, memory: Memory) -> list[Tensor]:
    return [*(part for part in answer if part is not None), *memory.values()]


def _checksum(request: Denoise) -> int:
    return zlib.crc32(tensor_bytes(request.x), zlib.crc32(tensor_bytes(request.sigma)))
