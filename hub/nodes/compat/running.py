"""The node that is being carried out, as code of packs may ask for it from anywhere."""

from typing import Any

from hub.engine.worker.context import NodeContext
from hub.engine.worker.node_code import RunCancelled
from hub.nodes.api import Context, current_context

InterruptProcessingException = RunCancelled
"""What a pack raises, or catches, when its run was cancelled."""

_latest: Context | None = None


def note_running() -> Context:
    """Called for each node of a pack; remembers its context for threads that the pack starts."""
    global _latest  # noqa: PLW0603 - runs with nodes of packs have the execution thread alone
    _latest = current_context.get()
    return _latest


def running() -> Context | None:
    """The context of the running node; None outside of any, as while a pack is loaded."""
    return current_context.get(_latest)


def hidden_values(tokens: dict[str, str]) -> dict[str, Any]:
    """The values of hidden inputs, by the names that the class gives them."""
    return {name: _hidden_value(token) for name, token in tokens.items()}


def tell_progress(value: float, maximum: float) -> None:
    """Also where a cancelled run stops."""
    if context := running():
        context.progress(value, maximum)


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
