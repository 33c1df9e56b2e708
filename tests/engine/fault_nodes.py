"""A node that does whatever a node should not, for tests of what becomes of its run."""

import ctypes
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from hub.nodes.api import INT, STRING, Node, NodeOutput, Schema, context
from hub.records.output import OutputFolder

LINE = b"x" * 99 + b"\n"


class WithoutWords(Exception):
    def __str__(self) -> str:
        raise RuntimeError("no words")


class OfItsOwn(BaseException):
    """No `Exception`."""


class Unspeakable:
    def __repr__(self) -> str:
        raise RuntimeError("no words")


def fail(error: BaseException) -> Callable[[], Any]:
    def raise_it() -> None:
        raise error

    return raise_it


def deeper(depth: int = 0) -> int:
    return deeper(depth + 1) + 1


def hoard() -> None:
    held = []
    while True:
        held.append(torch.ones(8 << 20))


def allocate_too_much_at_once() -> None:
    torch.empty(1 << 60, dtype=torch.uint8)


def loop() -> None:
    while True:
        pass


def lock() -> None:
    one = threading.Lock()
    with one:
        one.acquire()


def close_all_descriptors() -> None:
    os.closerange(3, 1024)


def print_much() -> Any:
    for _ in range(1 << 10):
        os.write(1, LINE * 1000)
    for _ in range(1 << 10):
        os.write(2, LINE[:-1] * 1000)
    return NodeOutput()


def leave_threads() -> Any:
    """One of them keeps the interpreter from ending, one fails, one prints for ever."""
    threading.Thread(target=threading.Event().wait).start()
    threading.Thread(target=fail(ValueError("in a thread"))).start()
    threading.Thread(target=chatter, daemon=True).start()
    return NodeOutput()


def chatter() -> None:
    while True:
        print("still here")  # noqa: T201 - nodes print
        time.sleep(0.001)


def detach_child() -> Any:
    """It is not of the worker's group, and holds its connection; the node then crashes."""
    is_detached, detached = os.pipe()
    forked = os.fork()
    if not forked:
        os.setsid()
        os.write(detached, b"x")
        time.sleep(1000)
    os.read(is_detached, 1)  # before that it would end with the worker
    print("children:", forked)  # noqa: T201 - nodes print
    os.kill(os.getpid(), 9)


def leave_children() -> Any:
    """One of them was forked, and holds whatever the worker holds; the node then crashes."""
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1000)"])
    forked = os.fork()
    if not forked:
        time.sleep(1000)
    print("children:", child.pid, forked)  # noqa: T201 - nodes print
    os.kill(os.getpid(), 9)


def remove_file() -> Any:
    file = context().stage(prefix="a/b", suffix=".txt", folder=OutputFolder.OUTPUT)
    file.path.write_text("x")
    file.path.unlink()
    return NodeOutput()


def change_process() -> Any:
    os.chdir("/")
    sys.setrecursionlimit(12345)
    torch.set_default_dtype(torch.float64)
    torch.set_grad_enabled(True)
    torch.set_num_threads(7)
    sys.stdout.close()
    os.close(1)
    return NodeOutput()


def tell_process() -> Any:
    print("heard")  # noqa: T201 - nodes print
    state = [
        str(Path.cwd()),
        sys.getrecursionlimit(),
        str(torch.get_default_dtype()),
        torch.is_grad_enabled(),
        torch.get_num_threads(),
    ]
    return NodeOutput(ui={"state": state})


def show(**ui: Any) -> Callable[[], Any]:
    return lambda: NodeOutput(ui=ui)


def endless_list() -> list[Any]:
    endless: list[Any] = []
    endless.append(endless)
    return endless


def tell_odd_progress() -> Any:
    context().progress(float("nan"), 3)
    context().progress("many", 3)  # type: ignore[arg-type] # a node may say anything


def lose_device() -> Any:
    """As torch behaves after an error inside of a kernel, also where there is no GPU."""

    def refuse() -> None:
        raise RuntimeError("CUDA error: device-side assert triggered")

    torch.cuda.is_initialized = lambda: True
    torch.cuda.synchronize = refuse  # type: ignore[assignment] # not called otherwise
    refuse()


FAULTS: dict[str, Callable[[], Any]] = {
    "raise": fail(ValueError("it was asked to")),
    "without words": fail(WithoutWords()),
    "enormous": fail(ValueError("x" * 50_000_000)),
    "key": fail(KeyError("size")),
    "exit": lambda: sys.exit("enough"),
    "ctrl-c": fail(KeyboardInterrupt()),
    "base": fail(OfItsOwn("of its own")),
    "memory": fail(MemoryError()),
    "allocate": allocate_too_much_at_once,
    "deeper": deeper,
    "hoard": hoard,
    "loop": loop,
    "lost": lose_device,
    "lock": lock,
    "segfault": lambda: ctypes.string_at(0),
    "os exit": lambda: os._exit(3),
    "close": close_all_descriptors,
    "print": print_much,
    "threads": leave_threads,
    "children": leave_children,
    "detached": detach_child,
    "remove": remove_file,
    "change": change_process,
    "tell": tell_process,
    "nothing": lambda: None,
    "number": lambda: 3,
    "generator": lambda: (number for number in range(3)),
    "too many": lambda: NodeOutput(1, 2, 3),
    "odd ui": show(odd=[object(), b"x", float("nan"), {1: 2}]),
    "unspeakable ui": show(odd=[Unspeakable()]),
    "endless ui": show(odd=endless_list()),
    "huge ui": show(odd=["x" * (100 << 20)]),
    "number ui": show(odd=3),
    "progress": tell_odd_progress,
}


class Fault(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="Fault",
            category="test",
            inputs=(STRING.value("how"), INT.value("number", optional=True)),
            is_output_node=True,
        )

    @classmethod
    def execute(cls, how: str, number: int = 0) -> Any:
        """`number` keeps the cache from answering in its place."""
        return FAULTS[how]()
