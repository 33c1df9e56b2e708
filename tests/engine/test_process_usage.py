"""What processes use, asked of the system itself."""

import mmap
import os
import subprocess
import sys

import psutil
import pytest

from hub.engine.process_usage import Activity, memory_of, whole_memory

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells")
MIB = 1 << 20


def test_own_memory_grows_with_what_is_written_into() -> None:
    before = memory_of(os.getpid())
    held = mmap.mmap(-1, 64 * MIB, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)  # nothing freed before
    held.write(os.urandom(len(held)))
    after = memory_of(os.getpid())
    assert before is not None
    assert after is not None
    assert len(held) * 0.9 < after - before


def test_nothing_is_known_of_a_process_that_has_gone() -> None:
    with subprocess.Popen(["true"]) as process:
        process.wait()
    assert memory_of(process.pid) is None


def test_the_machine_has_more_memory_than_this_process() -> None:
    memory, own = whole_memory(), memory_of(os.getpid())
    assert memory is not None
    assert own is not None
    assert memory > own


def test_a_process_is_active_while_its_child_computes() -> None:
    code = "import subprocess, sys; subprocess.run([sys.executable, '-c', sys.argv[1]])"
    with subprocess.Popen([sys.executable, "-c", code, "while True: pass"]) as process:
        activity = Activity(process.pid, 0.0)
        now = 0.0
        for _ in range(3):
            seen = activity.seen_at
            while activity.seen_at == seen:
                now += 1
                activity.look(now)
        for child in psutil.Process(process.pid).children():
            child.kill()


def test_a_process_that_waits_is_not_active() -> None:
    with subprocess.Popen(["sleep", "1000"]) as process:
        activity = Activity(process.pid, 0.0)
        activity.look(1.0)
        assert activity.seen_at == 0.0
        process.kill()
