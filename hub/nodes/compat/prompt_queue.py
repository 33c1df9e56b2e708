"""The queue as packs know it: what this worker was handed, and a way to put graphs into it."""

import uuid
from typing import Any

from hub.engine.messages import PackPrompt
from hub.errors import Invalid, Unavailable
from hub.nodes.compat.installed import Installed
from hub.nodes.compat.not_yet import not_yet

_missing = not_yet("server.PromptServer.instance.prompt_queue")
_CREDENTIALS = ("auth_token_comfy_org", "api_key_comfy_org")
Item = tuple[int, str, dict[str, Any], dict[str, Any], list[str]]


class NoItem(Invalid):
    """What a pack puts into the queue is not what belongs there."""

    def __init__(self, item: object) -> None:
        super().__init__(
            "What belongs into the queue is (number, id, graph, extra data, output nodes), where "
            f"the id is a UUID in small letters, and not {repr(item)[:200]}."
        )


class NoQueue(Unavailable):
    """A pack puts something into the queue while it is loaded."""

    def __init__(self) -> None:
        super().__init__("There is no queue before all packs are loaded. Put it there later.")


class PromptQueueView:
    """The queue itself is the hub's; no pack can change or take what is in there."""

    def __init__(self, here: Installed) -> None:
        self._here = here

    def put(self, item: Any) -> None:
        """Have a graph carried out: one with a negative number before all that wait, others when it
        is their turn, as the pack knows no numbers of the hub's. Never waits; a graph that cannot
        be carried out is told in the log. Raises `NoItem` and `NoQueue`."""
        if self._here.post is None:
            raise NoQueue
        self._here.post(_prompt(item))

    @property
    def currently_running(self) -> dict[int, Item]:
        """What the worker was handed, in ComfyUI's form; the numbers only tell them apart."""
        return {
            number: (number, order.run, order.graph, order.extra, list(order.targets))
            for number, order in enumerate(self._here.orders())
        }

    def get_current_queue(self) -> tuple[list[Item], list[Item]]:
        """What is running, and what waits, of which a worker knows nothing."""
        return list(self.currently_running.values()), []

    def get_tasks_remaining(self) -> int:
        return len(self.currently_running)

    def __getattr__(self, name: str) -> Any:
        return _missing(name)


def _prompt(item: Any) -> PackPrompt:
    match item:
        case (int() | float() as number, str(id_), dict(graph), dict(extra), list(outputs), *_):
            if _is_uuid(id_):
                return PackPrompt(
                    id=id_,
                    graph=graph,
                    targets=tuple(map(str, outputs)),
                    front=number < 0,
                    extra={key: extra[key] for key in extra if key not in _CREDENTIALS},
                )
    raise NoItem(item)


def _is_uuid(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False
