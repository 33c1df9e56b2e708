from hub.nodes.reference import PAGE, reference
from hub.nodes.registry import builtin_nodes


def test_the_page_is_up_to_date() -> None:
    command = "python -m hub.nodes.reference"
    assert PAGE.read_text(encoding="utf-8") == reference(), f"Run {command} and commit {PAGE}."


def test_the_page_tells_every_node_and_input() -> None:
    page = reference()
    for class_type, node in builtin_nodes().items():
        assert f"### {class_type}\n" in page
        for item in node.define_schema().inputs:
            assert f"| `{item.name}" in page
