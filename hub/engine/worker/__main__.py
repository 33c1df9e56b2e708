"""The worker process: `python -m hub.engine.worker --socket FD --data FOLDER …`.

Nothing here imports torch: packs may have scripts that have to run before it is loaded.
"""

import argparse
import contextlib
import logging
import os
import sys
import threading
from pathlib import Path

from hub.child import adopt_parent
from hub.config.folders import Folders
from hub.nodes.compat.installed import install
from hub.nodes.compat.prestartup import find_packs, run_prestartup_scripts


def main() -> None:
    arguments = _parse()
    connection = adopt_parent(arguments.socket)
    logging.basicConfig(stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s")
    threading.excepthook = _end_after_our_own_bug
    _volunteer_for_the_oom_killer()
    _send_prints_to_the_log()
    folders = Folders(
        config=arguments.data,
        data=arguments.data,
        output_folder=arguments.output,
        packs=tuple(arguments.packs),
        chosen_packs=tuple(arguments.pack),
    )
    install(folders)
    packs = find_packs(folders)
    run_prestartup_scripts(packs)

    from hub.engine.worker.serving import serve  # loads torch

    serve(
        connection,
        folders,
        packs,
        node_modules=arguments.nodes,
        cache_bytes=arguments.cache_bytes,
        slots=arguments.slots,
    )


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--socket", type=int, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--cache-bytes", type=int, default=1 << 30)
    parser.add_argument("--slots", type=int, default=_cores())
    parser.add_argument("--nodes", action="append", default=[], help="further node modules")
    parser.add_argument("--packs", type=Path, action="append", default=[], help="folders of packs")
    parser.add_argument("--pack", action="append", default=[], help="load only these packs")
    return parser.parse_args()


def _cores() -> int:
    """As many as this process may use, where the system tells."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def _send_prints_to_the_log() -> None:
    """Packs print; the hub's standard output is for results of commands."""
    sys.stdout.flush()
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())


def _volunteer_for_the_oom_killer() -> None:
    """When memory runs out, a worker is what can be spared."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("500")


def _end_after_our_own_bug(raised: threading.ExceptHookArgs) -> None:
    """A thread of ours that is gone would leave its runs hanging; the hub starts a new worker."""
    threading.__excepthook__(raised)
    os._exit(1)


if __name__ == "__main__":
    main()
