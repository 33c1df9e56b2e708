"""How Pillow compresses the pixels of PNGs: by ISA-L instead of zlib.

The files are as small as those of zlib's levels 1 to 6 and written in a tenth of the time, of which
zlib had most in a run that only brings a photo to another size. As it takes the place of Pillow's
own encoder, nodes of packs have it too. PNG's filters are those of the specification, chapter 9
(https://www.w3.org/TR/png-3/).
"""

from collections.abc import Callable
from enum import IntEnum
from typing import Any

import numpy as np
from isal import isal_zlib
from numpy.typing import NDArray
from PIL import Image, ImageFile, _imaging

LAST_LEVEL = 6
"""Who asks zlib for more, wants the smallest file and gives it the time."""

_CHANNELS = {"L": 1, "LA": 2, "RGB": 3, "RGBA": 4}
_AT_ONCE = 2**18  # bytes of pixels, so that what belongs together stays in the processor's cache
_SMALL = 2**14  # bytes of pixels, below which choosing a filter takes longer than it saves
_BANDS, _BAND = 4, 8  # the sample by which the filter is chosen: rows of a band

Rows = NDArray[np.uint8]


def deflate_pngs() -> None:
    """From now on every PNG that this process writes with Pillow is compressed so."""
    Image.register_encoder("zip", _encoder)  # type: ignore[arg-type]


def _encoder(mode: str, rawmode: str, optimize: bool = False, level: int = -1, *others: Any) -> Any:
    """What compresses a picture of `mode`, stored as `rawmode`; level -1 is zlib's default.

    Older Pillows tell no more of the frames of animations.
    """
    if rawmode in _CHANNELS and not optimize and (level == -1 or 1 <= level <= LAST_LEVEL):
        return Deflating(mode, rawmode)
    return _imaging.zip_encoder(mode, rawmode, optimize, level, *others)


class Filter(IntEnum):
    """What is stored of a byte: its difference from what its neighbours let expect.

    Those of smooth pictures are average, of drawn ones none. The other two of the specification
    won nothing on photos, noise, drawings and gradients.
    """

    NONE = 0
    SUB = 1
    AVERAGE = 3


class Deflating(ImageFile.PyEncoder):
    """Gives the pixels of a picture of 8 bits a channel as a zlib stream, some rows at a time."""

    def init(self, args: tuple[Any, ...]) -> None:
        (self._rawmode,) = args
        self._channels = _CHANNELS[self._rawmode]
        self._compressor = isal_zlib.compressobj()
        self._done = 0

    def setimage(self, im: Any, extents: tuple[int, int, int, int] | None = None) -> None:
        super().setimage(im, extents)
        self._height = self.state.ysize
        self._length = self.state.xsize * self._channels
        self._picture = im
        self._next_rows = self._reader(im)
        self._above = np.zeros(self._length, np.uint8)
        self._filter = self._chosen_filter()

    def encode(self, bufsize: int) -> tuple[int, int, bytes]:
        """Compress the next rows. Gives how many bytes came, whether it is done, and the bytes."""
        content = b""
        while not content and self._done < self._height:
            rows = self._next_rows(max(1, _AT_ONCE // self._length))
            content = self._compressor.compress(
                filtered(rows, self._above, self._filter, self._channels)
            )
            self._above = rows[-1]
            self._done += len(rows)
        is_done = self._done == self._height
        if is_done:
            content += self._compressor.flush()
        return len(content), int(is_done), content

    def _reader(self, im: Any) -> Callable[[int], Rows]:
        """Gives the next rows at each call, at most so many: [rows, bytes]."""
        raw = _imaging.raw_encoder(self.mode, self._rawmode)
        raw.setimage(im, (0, 0, *im.size))

        def read(count: int) -> Rows:
            content = raw.encode(count * self._length)[2]
            return np.frombuffer(content, np.uint8).reshape(-1, self._length)

        return read

    def _chosen_filter(self) -> Filter:
        """That with which some rows all over the picture become smallest; small ones take any."""
        if self._height * self._length < _SMALL:
            return Filter.SUB
        step = max(_BAND, self._height // _BANDS)
        tops = range(step // 2 if step > _BAND else 0, self._height, step)
        bands = [self._band(top) for top in tops]

        def size(one: Filter) -> int:
            sample = b"".join(filtered(rows[1:], rows[0], one, self._channels) for rows in bands)
            return len(isal_zlib.compress(sample))

        return min(Filter, key=size)

    def _band(self, top: int) -> Rows:
        bottom = min(top + _BAND + 1, self._height)
        return self._reader(self._picture.crop((0, top, self.state.xsize, bottom)))(_BAND + 1)


def filtered(rows: Rows, above: Rows, how: Filter, channels: int) -> bytes:
    """Rows [rows, bytes] below `above` [bytes] as PNG stores them: each behind its filter's number.

    All numbers are those of bytes: what goes beyond them begins anew at the other end.
    """
    stored = np.empty((len(rows), 1 + rows.shape[1]), np.uint8)
    stored[:, 0] = how
    if how is Filter.NONE:
        stored[:, 1:] = rows
    else:
        left = np.zeros_like(rows)
        left[:, channels:] = rows[:, :-channels]
        if how is Filter.AVERAGE:
            up = np.concatenate((above[None], rows[:-1]))
            left = (left & up) + ((left ^ up) >> 1)  # half of their sum, which a byte cannot hold
        np.subtract(rows, left, out=stored[:, 1:])
    return stored.tobytes()
