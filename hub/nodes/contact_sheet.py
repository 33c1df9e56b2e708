"""The node that shows many pictures on one sheet."""

from hub.errors import Invalid
from hub.nodes.api import BOOLEAN, IMAGE, INT, STRING, Node, NodeOutput, Schema, context
from hub.nodes.fingerprints import file_fingerprint
from hub.nodes.pixels import image_of
from hub.nodes.sheet import Sheet


class NoFiles(Invalid):
    """A contact sheet of nothing was asked for."""

    def __init__(self) -> None:
        super().__init__("A contact sheet needs at least one file, one name per line.")


class ContactSheet(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="ContactSheet",
            display_name="Contact Sheet",
            category="photo",
            description=(
                "Puts many pictures on one sheet, in rows, with a title. Files that cannot be read "
                "get an empty tile that says so. Memory holds one picture at a time."
            ),
            inputs=(
                STRING.value("files", default="", multiline=True, tooltip="One name per line."),
                INT.value("columns", default=5, minimum=1, maximum=20, step=1),
                INT.value("tile", default=320, minimum=32, maximum=2048, step=1),
                STRING.value("title", default=""),
                BOOLEAN.value("captions", default=False, optional=True),
            ),
            outputs=(IMAGE.output(),),
            light=True,
            fingerprints_inputs=True,
        )

    @classmethod
    def execute(
        cls, files: str, columns: int, tile: int, title: str, captions: bool = False
    ) -> NodeOutput:
        names = _names(files)
        if not names:
            raise NoFiles
        sheet = Sheet(len(names), columns, tile, title, captions=captions)
        for index, name in enumerate(names):
            sheet.put(index, name)
            context().progress(index + 1, len(names))
        return NodeOutput(image_of(sheet.picture)[None])

    @classmethod
    def fingerprint_inputs(cls, files: str, **_others: object) -> list[str]:
        return [file_fingerprint(name) for name in _names(files)]


def _names(files: str) -> list[str]:
    return [line.strip() for line in files.splitlines() if line.strip()]


NODES: tuple[type[Node], ...] = (ContactSheet,)
