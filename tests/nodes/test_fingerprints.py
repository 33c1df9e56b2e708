from typing import Any

import pytest

from hub.nodes.contact_sheet import ContactSheet
from hub.nodes.loading import LoadImage, LoadImageMask
from hub.nodes.photo import LoadPhoto
from hub.testing.nodes import NodeBench

CALLS: list[tuple[Any, dict[str, Any]]] = [
    (LoadImage, {"image": "{}"}),
    (LoadImageMask, {"image": "{}", "channel": "red"}),
    (LoadPhoto, {"image": "{}"}),
    (ContactSheet, {"files": "{}\n", "columns": 2, "tile": 64, "title": ""}),
]


def named(constants: dict[str, Any], name: str) -> dict[str, Any]:
    return {
        key: value.format(name) if isinstance(value, str) else value
        for key, value in constants.items()
    }


@pytest.mark.parametrize(("node", "constants"), CALLS)
def test_it_changes_with_the_content_and_not_with_the_time(
    bench: NodeBench, node: Any, constants: dict[str, Any]
) -> None:
    inputs = named(constants, "a.png")
    prints = []
    for content in (b"one", b"two", b"one"):
        bench.add_input("a.png", content)
        prints.append(bench.fingerprint(node, **inputs))
    assert prints[0] == prints[2] != prints[1]


@pytest.mark.parametrize(("node", "constants"), CALLS)
def test_a_name_of_the_input_store_needs_no_look_at_the_file(
    bench: NodeBench, node: Any, constants: dict[str, Any]
) -> None:
    inputs = named(constants, "ab" * 32 + ".jpg")
    assert bench.fingerprint(node, **inputs) in ("", [""])


@pytest.mark.parametrize(("node", "constants"), CALLS)
def test_the_schema_says_that_there_is_one(node: Any, constants: dict[str, Any]) -> None:
    assert node.define_schema().fingerprints_inputs
