"""Column types: moments, paths, JSON and what people read."""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import BigInteger, Dialect, LargeBinary, Text
from sqlalchemy.types import TypeDecorator

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Moment(TypeDecorator[datetime]):
    """An aware datetime as microseconds since 1970 UTC: exact, and sorts as it should."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else (value - _EPOCH) // _MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else _EPOCH + value * _MICROSECOND


class FilePath(TypeDecorator[Path]):
    """A path as the bytes the file system knows, which need not be UTF-8."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Path | None, dialect: Dialect) -> bytes | None:
        return None if value is None else os.fsencode(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Path | None:
        return None if value is None else Path(os.fsdecode(value))


class Json(TypeDecorator[Any]):
    """JSON in pure ASCII: the surrogate escapes of odd file names survive, which UTF-8 refuses."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else to_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else from_text(value)


class Prose(TypeDecorator[str]):
    """What people read, which may quote anything: half letters are written as `\\ud800`."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None or value.isascii():
            return value
        return value.encode(errors="backslashreplace").decode()


to_text = json.JSONEncoder(separators=(",", ":")).encode
"""JSON as the column holds it."""

from_text = json.JSONDecoder().decode
"""What the column holds; `json.loads` would look for other encodings first."""
