"""Drawings are saved with the workflow that made them."""

import io
import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from hub.nodes.svg import NotSvg, SaveSVGNode, Svg
from hub.testing.nodes import NodeBench

DRAWING = b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"\n width="4"><g/></svg>'


def test_each_drawing_is_a_file_with_the_workflow_inside(tmp_path: Path) -> None:
    prompt = {"1": {"class_type": "A", "inputs": {"text": "ends CDATA: ]]> <svg>"}}}
    bench = NodeBench(tmp_path, prompt=prompt)
    bench.run(SaveSVGNode, svg=Svg([io.BytesIO(DRAWING), io.BytesIO(DRAWING)]))
    assert [file.path.suffix for file in bench.files] == [".svg", ".svg"]
    root = ElementTree.fromstring(bench.files[0].path.read_bytes())
    text = root.findtext("{http://www.w3.org/2000/svg}metadata")
    assert text is not None
    assert json.loads(text) == {"prompt": prompt}


def test_an_empty_drawing_stays_as_it_is(tmp_path: Path) -> None:
    bench = NodeBench(tmp_path, prompt={"1": {}})
    bench.run(SaveSVGNode, svg=Svg([io.BytesIO(b"<svg/>")]))
    assert bench.files[0].path.read_bytes() == b"<svg/>"


def test_what_is_no_drawing_is_refused_by_its_number(tmp_path: Path) -> None:
    with pytest.raises(NotSvg, match="Drawing 1 has no <svg> element"):
        NodeBench(tmp_path).run(
            SaveSVGNode, svg=Svg([io.BytesIO(DRAWING), io.BytesIO(b"<html></html>")])
        )
