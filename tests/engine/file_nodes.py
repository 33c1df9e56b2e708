"""Nodes for tests that write files, or promise to."""

from hub.nodes.api import STRING, Node, NodeOutput, Schema, context
from hub.records.output import OutputFolder


class Write(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="Write",
            category="test",
            inputs=(STRING.value("text"), STRING.value("prefix", default="text")),
            is_output_node=True,
            light=True,
        )

    @classmethod
    def execute(cls, text: str, prefix: str = "text") -> NodeOutput:
        file = context().stage(prefix=prefix, suffix=".txt", folder=OutputFolder.OUTPUT)
        file.path.write_text(text)
        file.describe(width=len(text), height=1)
        return NodeOutput(ui={"texts": [file.item()]})


class StageOnly(Node):
    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(class_type="StageOnly", category="test", is_output_node=True)

    @classmethod
    def execute(cls) -> NodeOutput:
        context().stage(prefix="never", suffix=".txt", folder=OutputFolder.OUTPUT)
        return NodeOutput()


FILES = (
    Write,
    StageOnly,
)
