"""How the log is written: for people, or as JSON for programs that gather logs."""

from enum import StrEnum


class LogFormat(StrEnum):
    """Who is to read the log."""

    TEXT = "text"
    JSON = "json"


def write_log_as(form: LogFormat) -> None:
    """Write it so from now on; as text it is written anyhow, here only without what variables held:
    that may be a password or a token, and logs are kept and shown to others."""
    import structlog  # late, since settings need no more of this file than the words

    if form is LogFormat.JSON:
        structlog.configure(
            processors=[
                structlog.contextvars.merge_contextvars,
                structlog.processors.add_log_level,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                structlog.processors.format_exc_info,
                structlog.processors.JSONRenderer(),
            ]
        )
        return
    without_variables = structlog.dev.RichTracebackFormatter(show_locals=False)
    for processor in structlog.get_config()["processors"]:
        if isinstance(processor, structlog.dev.ConsoleRenderer):
            processor.exception_formatter = without_variables
