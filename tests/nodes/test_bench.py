import pytest

from hub.errors import Invalid, NotFound
from hub.nodes.api import (
    INT,
    STRING,
    Hidden,
    Node,
    NodeOutput,
    Schema,
    context,
    current_context,
)
from hub.records.output import OutputFolder
from hub.testing.nodes import NodeBench


class Writes(Node):
    """Writes a number into a file, asynchronously."""

    @classmethod
    def define_schema(cls) -> Schema:
        return Schema(
            class_type="Writes",
            category="test",
            inputs=(INT.value("number", default=7), STRING.value("prefix", default="a/n")),
            hidden=(Hidden.UNIQUE_ID,),
        )

    @classmethod
    async def execute(cls, number: int, prefix: str, unique_id: str) -> NodeOutput:
        file = context().stage(prefix=prefix, suffix=".txt", folder=OutputFolder.OUTPUT)
        file.path.write_text(str(number))
        return NodeOutput(number, unique_id, ui={"files": [file.item()]})


def test_a_node_runs_with_its_defaults_and_hidden_values(bench: NodeBench) -> None:
    assert bench.run(Writes) == (7, "1")
    assert bench.files[0].path.read_text() == "7"
    assert bench.ui == {"files": [{"filename": "n_00001_.txt", "subfolder": "a", "type": "output"}]}


def test_a_second_run_starts_with_no_files(bench: NodeBench) -> None:
    bench.run(Writes)
    bench.run(Writes, number=8)
    assert [file.path.read_text() for file in bench.files] == ["8"]


def test_a_prefix_that_leads_out_is_refused(bench: NodeBench) -> None:
    with pytest.raises(Invalid, match="leads out"):
        bench.run(Writes, prefix="../../n")


def test_an_annotation_names_another_folder(bench: NodeBench) -> None:
    class Reads(Node):
        @classmethod
        def define_schema(cls) -> Schema:
            return Schema(class_type="Reads", category="test", inputs=(STRING.value("name"),))

        @classmethod
        def execute(cls, name: str) -> NodeOutput:
            return NodeOutput(context().input_file(name).read_text())

    bench.run(Writes)
    assert bench.run(Reads, name="a/n_00001_.txt [output]") == ("7",)
    with pytest.raises(NotFound):
        bench.run(Reads, name="a/n_00001_.txt")


def test_no_context_is_left_behind(bench: NodeBench) -> None:
    bench.run(Writes)
    with pytest.raises(LookupError):
        current_context.get()
