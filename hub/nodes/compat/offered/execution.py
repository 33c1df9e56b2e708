"""Checking graphs, as packs ask for it before they post one. The executor itself is the hub's."""

import asyncio
from typing import Any

import nodes as nodes  # type: ignore[import-not-found] # this folder is searched

from hub.engine.catalogue import Catalogue
from hub.engine.check import check_graph
from hub.engine.folder_files import FolderFiles
from hub.nodes.compat.installed import installed
from hub.nodes.compat.not_yet import not_yet
from hub.nodes.compat.prompt_queue import PromptQueueView as PromptQueue  # noqa: F401

__getattr__ = not_yet("execution")


async def validate_prompt(
    prompt_id: str, prompt: dict[str, Any], partial_execution_list: list[str] | None = None
) -> tuple[bool, dict[str, Any] | None, list[str], dict[str, Any]]:
    """Whether the graph can be carried out at least in part, the error if it cannot, the output
    nodes that can be made, and what is wrong with nodes. Constants become of their declared type.

    It knows the nodes of this worker; `VALIDATE_INPUTS` of packs is asked when the graph runs.
    """
    targets = None if partial_execution_list is None else tuple(partial_execution_list)
    checked = await asyncio.to_thread(check_graph, prompt, _catalogue(), targets)
    if checked.error is None:
        prompt.update(checked.graph)
    return checked.error is None, checked.error, list(checked.outputs), checked.node_errors


def _catalogue() -> Catalogue:
    """The nodes of this worker, and its files."""
    here = installed()
    files = FolderFiles(here.folders)
    files.learn(here.kinds())
    return Catalogue(here.schemas, files)
