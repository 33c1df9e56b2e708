"""Child processes: what each of them has from its start."""

import platform
from pathlib import Path

import pytest

from hub.child import start_child

_MODE = Path("/sys/kernel/mm/transparent_hugepage/enabled")
_LARGE = 64 << 20
_MODULE = f"""
from pathlib import Path

block = bytes({_LARGE})
areas = Path("/proc/self/smaps").read_text().split("VmFlags:")
sizes = [int(area.split("\\nSize:")[1].split()[0]) << 10 for area in areas[:-1]]
flags = [area.splitlines()[0].split() for area in areas[1:]]
print(any(size >= {_LARGE} and "hg" in own for size, own in zip(sizes, flags)))
"""


def _leaves_it_to_programs() -> bool:
    return _MODE.exists() and "[madvise]" in _MODE.read_text()


def _glibc() -> tuple[int, ...]:
    library, version = platform.libc_ver()
    return tuple(map(int, version.split("."))) if library == "glibc" else ()


@pytest.mark.skipif(
    not _leaves_it_to_programs() or _glibc() < (2, 35), reason="not up to the program here"
)
async def test_large_memory_of_a_child_may_lie_on_large_pages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "child_with_a_block.py").write_text(_MODULE)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    told = tmp_path / "told"
    with told.open("wb") as output:
        child = await start_child("child_with_a_block", output=output)
    assert await child.process.wait() == 0
    await child.close()
    assert told.read_text() == "True\n"
