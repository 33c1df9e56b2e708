"""A pack of ComfyUI's first node API that asks for what packs ask for."""

from pathlib import Path
from typing import Any, ClassVar

import folder_paths  # type: ignore[import-not-found] # the worker offers it
import nodes  # type: ignore[import-not-found]
from comfy.samplers import KSampler  # type: ignore[import-not-found]
from comfy.utils import ProgressBar  # type: ignore[import-not-found]
from comfy_execution.graph import DynamicPrompt  # type: ignore[import-not-found]
from comfy_execution.graph_utils import is_link  # type: ignore[import-not-found]
from server import PromptServer  # type: ignore[import-not-found]


class AnyType(str):
    __slots__ = ()

    def __ne__(self, other: object) -> bool:
        return False


@PromptServer.instance.routes.get("/facts")  # type: ignore[untyped-decorator]
async def facts(request: Any) -> Any:
    """Only its being there counts."""


class PackFacts:
    made = 0

    def __init__(self) -> None:
        type(self).made += 1
        self.calls = 0

    @classmethod
    def INPUT_TYPES(cls) -> dict[str, Any]:  # noqa: N802
        return {
            "required": {
                "prompt": ("STRING", {"multiline": True}),
                "size": (["small", "large", 3],),
                "model": (["None", *folder_paths.get_filename_list("loras")],),
            },
            "optional": {"anything": (AnyType("ANY"),)},
            "hidden": {"me": "UNIQUE_ID", "graph": "DYNPROMPT"},
        }

    RETURN_TYPES = ("STRING", AnyType("ANY"))
    RETURN_NAMES = ("text",)
    FUNCTION = "tell"
    CATEGORY = "test"
    OUTPUT_NODE = True

    @classmethod
    def IS_CHANGED(cls, **inputs: Any) -> float:  # noqa: N802
        return float("nan")

    @classmethod
    def VALIDATE_INPUTS(cls, size: Any) -> bool | str:  # noqa: N802
        return size != "large" or "too large"

    def tell(
        self, prompt: str, size: Any, model: str, me: str, graph: Any, anything: Any = None
    ) -> Any:
        self.calls += 1
        ProgressBar(2).update(2)
        known = Path(folder_paths.get_output_directory()).name, sorted(graph.all_node_ids())
        assert isinstance(graph, DynamicPrompt)
        assert PromptServer.instance.last_node_id == me
        assert is_link(["1", 0])
        assert len(KSampler.SAMPLERS) == 44
        PromptServer.instance.send_sync("facts", {})
        text = [f"{prompt} {size} {me} {self.made} {self.calls}", *known]
        return {"ui": {"text": text}, "result": (prompt, anything)}


class PackTurn:
    INPUT_TYPES = classmethod(lambda cls: {"required": {"image": ("IMAGE",)}})
    RETURN_TYPES: ClassVar[Any] = ("IMAGE",)
    FUNCTION = "turn"

    async def turn(self, image: Any) -> Any:
        (scaled,) = nodes.ImageScale().upscale(image, "bilinear", 8, 4, "disabled")
        return (scaled,)


NODE_CLASS_MAPPINGS = {"PackFacts": PackFacts, "PackTurn": PackTurn, "SaveImage": PackTurn}
NODE_DISPLAY_NAME_MAPPINGS = {"PackFacts": "Facts"}
WEB_DIRECTORY = "."
