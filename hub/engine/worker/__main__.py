"""The worker process: `python -m hub.engine.worker --socket FD --data FOLDER …`.

Nothing here imports torch: packs may have scripts that have to run before it is loaded.
"""

import argparse
import contextlib
import faulthandler
import io
import json
import logging
import os
import sys
from pathlib import Path

import msgspec

from hub.child import adopt_parent
from hub.config.engine_settings import CacheSettings, Previews
from hub.config.folders import Folders
from hub.config.found_packs import find_packs
from hub.config.model_folders import FurtherFolder
from hub.config.worker_settings import AUTO
from hub.engine.worker.vital_thread import end_process
from hub.nodes.compat.installed import install
from hub.nodes.compat.prestartup import run_prestartup_scripts


def main() -> None:
    arguments = _parse()
    connection = adopt_parent(arguments.socket)
    logging.basicConfig(stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s")
    sys.excepthook = end_process
    faulthandler.enable(all_threads=False)
    _volunteer_for_the_oom_killer()
    _send_prints_to_the_log()
    folders = Folders(
        config=arguments.data,
        data=arguments.data,
        output_folder=arguments.output,
        packs=tuple(arguments.packs),
        chosen_packs=tuple(arguments.pack),
        packs_apart=tuple(arguments.without_pack),
        further_models=msgspec.convert(json.loads(arguments.models), tuple[FurtherFolder, ...]),
    )
    _lay_tensors_on_large_pages()
    install(folders)
    packs = find_packs(folders)
    run_prestartup_scripts(packs)

    from hub.engine.worker.serving import serve  # loads torch

    serve(
        connection,
        folders,
        packs,
        device=arguments.device,
        node_modules=arguments.nodes,
        cache=msgspec.json.decode(arguments.cache, type=CacheSettings),
        slots=arguments.slots,
        max_batch=arguments.max_batch,
        compiles=arguments.compile,
        captures=arguments.cuda_graphs,
        model_memory=arguments.model_memory,
        previews=Previews(arguments.previews),
        resume_seconds=arguments.resume_seconds,
    )


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--socket", type=int, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--cache", default="{}", help="the settings of `engine.cache`, as JSON")
    parser.add_argument("--slots", type=int, default=_cores())
    parser.add_argument("--max-batch", type=int, default=8)
    switch = argparse.BooleanOptionalAction
    parser.add_argument("--compile", action=switch, help="have torch compile networks")
    parser.add_argument("--cuda-graphs", action=switch, help="have a GPU repeat calls by itself")
    parser.add_argument("--model-memory", type=int, help="bytes that models may take")
    parser.add_argument("--previews", default=Previews.AUTO.value)
    parser.add_argument("--resume-seconds", type=float, help="when samplings are noted on disk")
    parser.add_argument("--nodes", action="append", default=[], help="further node modules")
    parser.add_argument("--packs", type=Path, action="append", default=[], help="folders of packs")
    parser.add_argument("--models", default="[]", help="further folders of models, as JSON")
    parser.add_argument("--pack", action="append", default=[], help="load only these packs")
    parser.add_argument("--without-pack", action="append", default=[], help="not these packs")
    parser.add_argument("--device", default=AUTO, help="what it must have, or else say so and end")
    return parser.parse_args()


def _cores() -> int:
    """As many as this process may use, where the system tells."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def _send_prints_to_the_log() -> None:
    """Packs print; the hub's standard output is for results of commands. Each line goes out at
    once, so that the last ones are known if the process dies."""
    sys.stdout.flush()
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(line_buffering=True, errors="backslashreplace")


def _lay_tensors_on_large_pages() -> None:
    """torch, once it is loaded, asks Linux for pages of 2 MiB: putting each of 4 KiB there took
    more than half of the time that nodes spent on large pictures."""
    os.environ.setdefault("THP_MEM_ALLOC_ENABLE", "1")


def _volunteer_for_the_oom_killer() -> None:
    """When memory runs out, a worker is what can be spared."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("500")


if __name__ == "__main__":
    main()
