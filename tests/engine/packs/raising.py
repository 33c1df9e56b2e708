"""A pack whose nodes fail, one of each node API."""

from typing import Any

from comfy_api.latest import io  # type: ignore[import-not-found] # the worker offers it


class PackRaising:
    @classmethod
    def INPUT_TYPES(cls) -> dict[str, dict[str, object]]:  # noqa: N802
        return {"required": {}}

    RETURN_TYPES = ()
    FUNCTION = "go"
    OUTPUT_NODE = True

    def go(self) -> None:
        raise ValueError("it fails")


class PackRaisingLater(io.ComfyNode):  # type: ignore[misc]
    @classmethod
    def define_schema(cls) -> Any:
        return io.Schema(node_id="PackRaisingLater", is_output_node=True)

    @classmethod
    async def execute(cls) -> Any:
        raise ValueError("it fails")


NODE_CLASS_MAPPINGS = {"PackRaising": PackRaising, "PackRaisingLater": PackRaisingLater}
