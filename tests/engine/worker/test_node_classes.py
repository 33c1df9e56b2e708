"""Which node classes a worker has."""

import logging

import pytest

from hub.engine.catalogue import BUILTIN
from hub.engine.worker.catalogue import builtin_catalogue
from hub.engine.worker.node_classes import load_node_classes
from tests.engine.text_nodes import Text


def test_the_shipped_catalogue_is_that_of_the_code() -> None:
    """If not: `python -m hub.engine.worker.catalogue` writes it anew."""
    assert BUILTIN.read_bytes() == builtin_catalogue()


def test_a_class_without_a_schema_is_left_out_and_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    classes = load_node_classes(["tests.engine.nodes"])
    assert classes["Text"].node is Text
    assert "SaveImage" in classes
    (record,) = (record for record in caplog.records if record.levelno == logging.ERROR)
    assert "NoSchema" in record.getMessage()


def test_a_second_class_of_one_name_is_left_out_and_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    load_node_classes(["tests.engine.nodes", "tests.engine.nodes"])
    assert "a second node class called Text" in caplog.text
