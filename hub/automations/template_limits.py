"""What the process that renders templates may use, and how it is started and ends by that.

A template's time is what it computes, so that on a busy machine none is refused that is not at
another time. The system ends the process when that is used up, whatever it does just then.
"""

import signal

DEADLINE = 2.0  # seconds of computing for one template
PATIENCE = 60.0  # seconds until its answer is there, however busy the machine
START = 30.0  # seconds for the process to start
MEMORY = 512 << 20  # bytes of address space
LARGEST_OUTPUT = 1 << 20  # characters


def arguments(deadline: float) -> tuple[str, ...]:
    """Those of `hub.automations.template_process` besides its socket."""
    return (
        *("--deadline", str(deadline)),
        *("--memory-limit", str(MEMORY)),
        *("--output-limit", str(LARGEST_OUTPUT)),
    )


def is_over_time(status: int | None) -> bool:
    """Whether a process that ended so was ended at the deadline."""
    return status == -signal.SIGPROF


def took_longer(seconds: float) -> str:
    return f"it took longer than {seconds:g} s and was stopped"
