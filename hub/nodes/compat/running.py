"""The node that is being carried out, as code of packs may ask for it from anywhere."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from weakref import ref

from PIL import Image

from hub.engine.worker.context import NodeContext
from hub.engine.worker.node_code import RunCancelled
from hub.errors import Invalid
from hub.nodes.api import Context, current_context
from hub.nodes.previews import encoded_preview

InterruptProcessingException = RunCancelled
"""What a pack raises, or catches, when its run was cancelled."""

_latest: ref[Context] | None = None


def note_running() -> Context:
    """Called for each node of a pack; remembers its context for threads that the pack starts, as
    long as the node is carried out."""
    global _latest  # noqa: PLW0603 - runs with nodes of packs have the execution thread alone
    context = current_context.get()
    _latest = ref(context)
    return context


def running() -> Context | None:
    """The context of the running node; None outside of any, as while a pack is loaded."""
    return current_context.get(None) or (_latest() if _latest else None)


@contextmanager
def as_running_node() -> Iterator[None]:
    """For code of ours that a pack calls: the running node is known in whatever thread it is.

    Raises `Invalid` where none is running.
    """
    context = running()
    if context is None:
        raise Invalid("Files are written by nodes, and no node is being carried out.")
    token = current_context.set(context)
    try:
        yield
    finally:
        current_context.reset(token)


@dataclass(frozen=True, kw_only=True, slots=True)
class RunningAttempt:
    """Which run, for which client, and which of its nodes; all None where none is running."""

    run: str | None = None
    client: str | None = None
    node: str | None = None


def running_attempt() -> RunningAttempt:
    """What is being carried out, or was last."""
    context = running()
    if not isinstance(context, NodeContext):
        return RunningAttempt(node=context.node if context else None)
    return RunningAttempt(run=context.run, client=context.client, node=context.node)


def hidden_values(tokens: dict[str, str]) -> dict[str, Any]:
    """The values of hidden inputs, by the names that the class gives them."""
    return {name: _hidden_value(token) for name, token in tokens.items()}


def tell_progress(value: float, maximum: float) -> None:
    """Also where a cancelled run stops."""
    if context := running():
        context.progress(value, maximum)


def tell_preview(picture: Image.Image, longest_side: int | None, kind: str = "JPEG") -> None:
    """Show what the running node has so far; None for a picture of any size."""
    if context := running():
        context.preview(lambda: encoded_preview(picture, longest_side=longest_side, kind=kind))


def check_cancelled() -> None:
    """Raises `InterruptProcessingException` if the run was cancelled."""
    if context := running():
        context.check_cancelled()


def is_cancelled() -> bool:
    try:
        check_cancelled()
    except RunCancelled:
        return True
    return False


def cancel() -> None:
    """Stop the run at the next chance."""
    context = running()
    if isinstance(context, NodeContext):
        context.cancel()


def _hidden_value(token: str) -> Any:
    context = running()
    if context is None:
        return None
    match token:
        case "UNIQUE_ID":
            return context.node
        case "PROMPT":
            return context.prompt
        case "EXTRA_PNGINFO":
            return context.extra_pnginfo
        case "DYNPROMPT":
            return context.graph if isinstance(context, NodeContext) else None
    return None  # credentials for paid services, which the hub never has
