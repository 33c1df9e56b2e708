"""A pack that puts a class of the third node API where those of the first stand."""

from typing import Any

from comfy_api.latest import io  # type: ignore[import-not-found] # the worker offers it


class Mixed(io.ComfyNode):  # type: ignore[misc]
    @classmethod
    def define_schema(cls) -> Any:
        return io.Schema(node_id="another name", is_output_node=True)

    @classmethod
    def execute(cls) -> Any:
        return io.NodeOutput(ui={"text": ["mixed"]})


NODE_CLASS_MAPPINGS = {"Mixed": Mixed}


def comfy_entrypoint() -> None:
    raise AssertionError("the mapping wins")
