"""The machine: what it is, how fast it is right now, and what processes use of it."""

import os
import platform
import time
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
CORES = len(os.sched_getaffinity(0))


def describe() -> str:
    """One line for the top of the results."""
    models = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    ]
    name = models[0] if models else platform.machine()
    return f"{CORES} cores of {name}, Python {platform.python_version()}, {platform.system()}"


def yardstick(seconds: float = 0.5) -> float:
    """Million turns of an empty Python loop per second: what other processes leave us just now."""
    turns, begun = 0, time.perf_counter()
    while time.perf_counter() - begun < seconds:
        for _ in range(10_000):
            pass
        turns += 10_000
    return turns / (time.perf_counter() - begun) / 1e6


def cpu_seconds(*pids: int) -> float:
    """Processor time that these processes have used since they began."""
    return sum(map(_cpu_seconds, pids))


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def resident_mebibytes(pid: int) -> float:
    """Memory of one process, shared pages included."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    (kibibytes,) = (line.split()[1] for line in lines if line.startswith("VmRSS"))
    return int(kibibytes) / 1024
