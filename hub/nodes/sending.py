"""The node that sends pictures to whoever watches the run, instead of writing files."""

from hub.nodes.api import IMAGE, Node, NodeOutput, Schema, context
from hub.nodes.pictures import Images, pictures_of
from hub.nodes.previews import encoded_preview


class SaveImageWebsocket(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="SaveImageWebsocket",
            display_name="SaveImageWebsocket",
            category="api/image",
            description=(
                "Sends each image of the batch as a PNG to the client of the run, over ComfyUI's "
                "WebSocket. Nothing is written, so it is carried out every time."
            ),
            inputs=(IMAGE.input("images"),),
            is_output_node=True,
            light=True,
            takes_pictures=True,
            fingerprints_inputs=True,
            module="custom_nodes.websocket_image_save",
        )

    @classmethod
    def fingerprint_inputs(cls) -> float:
        """Never what it was."""
        return float("nan")

    @classmethod
    def execute(cls, images: Images) -> NodeOutput:
        count = images.shape[0]
        for number, picture in enumerate(pictures_of(images)):
            context().show(*encoded_preview(picture, longest_side=None, kind="PNG"))
            context().progress(number + 1, count)
        return NodeOutput()


NODES: tuple[type[Node], ...] = (SaveImageWebsocket,)
