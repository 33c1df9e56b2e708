"""Nodes whose inputs depend on the graph, and whose types agree."""

from typing import Any

from comfy_api.latest import io  # type: ignore[import-not-found] # the worker offers it

_SAME = io.MatchType.Template("same", [io.Image, io.Mask, io.Int])


class ThirdDynamic(io.ComfyNode):  # type: ignore[misc]
    """Shows what it is given for inputs of each kind."""

    @classmethod
    def define_schema(cls) -> Any:
        named = io.Autogrow.TemplateNames(io.Float.Input("weight"), names=["low", "high"], min=1)
        return io.Schema(
            node_id="ThirdDynamic",
            inputs=[
                io.Autogrow.Input(
                    "images",
                    template=io.Autogrow.TemplatePrefix(
                        io.Int.Input("image"), prefix="image", min=1, max=9
                    ),
                ),
                io.DynamicCombo.Input(
                    "mode",
                    options=[
                        io.DynamicCombo.Option("plain", []),
                        io.DynamicCombo.Option(
                            "weighted", [io.Autogrow.Input("weights", template=named)]
                        ),
                    ],
                ),
                io.DynamicSlot.Input(io.Int.Input("slot"), [io.String.Input("note")]),
            ],
            is_output_node=True,
        )

    @classmethod
    def validate_inputs(cls, mode: dict[str, Any]) -> bool | str:
        weights = mode.get("weights", {})
        return weights.get("low", 0) >= 0 or "a weight is negative"

    @classmethod
    def execute(cls, images: dict[str, int], mode: dict[str, Any], slot: Any = None) -> Any:
        return io.NodeOutput(ui={"given": [images, mode, slot]})


class ThirdLazyGrow(io.ComfyNode):  # type: ignore[misc]
    """Asks for its inputs until one of them is not 0."""

    @classmethod
    def define_schema(cls) -> Any:
        grown = io.Autogrow.TemplatePrefix(io.Int.Input("n", lazy=True), prefix="n", min=2, max=5)
        return io.Schema(
            node_id="ThirdLazyGrow",
            inputs=[io.Autogrow.Input("ns", template=grown)],
            outputs=[io.Int.Output()],
        )

    @classmethod
    def check_lazy_status(cls, ns: dict[str, tuple[Any, str]]) -> list[str]:
        for value, path in ns.values():
            if value is None:
                return [path]
            if value:
                break
        return []

    @classmethod
    def execute(cls, ns: dict[str, Any]) -> Any:
        return io.NodeOutput(next(value for value in ns.values() if value))


class ThirdSame(io.ComfyNode):  # type: ignore[misc]
    """Hands one of two inputs of one type on."""

    @classmethod
    def define_schema(cls) -> Any:
        return io.Schema(
            node_id="ThirdSame",
            inputs=[
                io.MatchType.Input("one", template=_SAME),
                io.MatchType.Input("two", template=_SAME, optional=True),
            ],
            outputs=[io.MatchType.Output(_SAME, display_name="either")],
        )

    @classmethod
    def execute(cls, one: Any, two: Any = None) -> Any:
        return io.NodeOutput(one if two is None else two)


class ThirdEither(io.ComfyNode):  # type: ignore[misc]
    """Takes an image or a mask, and a number of either kind."""

    @classmethod
    def define_schema(cls) -> Any:
        return io.Schema(
            node_id="ThirdEither",
            inputs=[
                io.MultiType.Input("picture", [io.Image, io.Mask], optional=True),
                io.MultiType.Input(io.Float.Input("number", default=1.5), [io.Int]),
            ],
            is_output_node=True,
        )

    @classmethod
    def execute(cls, number: float, picture: Any = None) -> Any:
        return io.NodeOutput(ui={"text": [str(number)]})


NODES = [ThirdDynamic, ThirdLazyGrow, ThirdSame, ThirdEither]
