"""The log of a hub in a terminal: on standard error, so that results can be piped on."""

import logging
import sys
from enum import StrEnum


class LogLevel(StrEnum):
    """How much is told."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


def log_to_terminal(level: LogLevel) -> None:
    """Tell what is at least as grave as `level`."""
    import structlog  # late, so that `hub --help` need not wait for it

    number = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
