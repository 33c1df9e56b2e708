"""A pack of the third node API, with nodes for everything that it may ask for."""

from comfy_api.latest import ComfyExtension  # type: ignore[import-not-found] # the worker offers it

from . import asking, branching, dynamic, showing


class Third(ComfyExtension):  # type: ignore[misc]
    loaded = False

    async def on_load(self) -> None:
        type(self).loaded = True

    async def get_node_list(self) -> list[type]:
        assert self.loaded
        return [*asking.NODES, *branching.NODES, *dynamic.NODES, *showing.NODES]


async def comfy_entrypoint() -> Third:
    return Third()
