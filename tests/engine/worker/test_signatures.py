"""A signature tells what a node's outputs depend on, and is none where nothing can tell that."""

from datetime import date
from typing import Any

import pytest

from hub.engine.worker.node_classes import NodeClass
from hub.engine.worker.signatures import signature
from tests.engine.text_nodes import ReadFile

READ = NodeClass(node=ReadFile, schema=ReadFile.define_schema(), hidden=(), is_async=False)


def signature_of(fingerprint: Any, path: Any = "a file") -> str | None:
    definition: Any = {"class_type": "ReadFile", "inputs": {"path": path}}
    return signature("1", definition, READ, fingerprint, {}, {})


def test_equal_fingerprints_give_equal_signatures() -> None:
    assert signature_of({"b": 1, "a": [2.5, None]}) == signature_of({"a": [2.5, None], "b": 1})
    assert signature_of("old") != signature_of("new")


@pytest.mark.parametrize(
    "fingerprint", [b"bytes", {"a set"}, date(2026, 11, 27), float("nan"), [float("inf")], object()]
)
def test_a_fingerprint_that_is_not_json_equals_nothing(fingerprint: Any) -> None:
    assert signature_of(fingerprint) is None


def test_a_nan_among_the_inputs_equals_nothing_but_null_is_a_value() -> None:
    assert signature_of("same", path=float("nan")) is None
    assert signature_of("same", path=None) == signature_of("same", path=None) is not None
