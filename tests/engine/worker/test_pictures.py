"""IMAGEs between nodes that take pictures, and on their way to those that do not."""

from pathlib import Path

import pytest
from PIL import Image

from hub.engine.messages import Done
from hub.engine.worker.calls import resolve
from hub.engine.worker.node_classes import node_class
from hub.nodes.api import Node
from hub.nodes.filters import ImageInvert
from hub.nodes.pictures import Pictures
from hub.nodes.scaling import ImageScale
from hub.testing.pictures import photograph
from tests.engine.worker.bench import Bench, files_below, node


@pytest.fixture
def photo(bench: Bench) -> Path:
    bench.folders.make()
    path = bench.folders.input / "photo.png"
    photograph(1, (90, 60)).save(path)
    return path


def test_a_photo_that_is_only_scaled_is_what_pillow_makes_of_it(bench: Bench, photo: Path) -> None:
    scale = {"upscale_method": "lanczos", "width": 30, "height": 0, "crop": "disabled"}
    graph = {
        "1": node("LoadImage", image=photo.name),
        "2": node("ImageScale", image=["1", 0], **scale),
        "3": node("SaveImage", images=["2", 0], filename_prefix="x"),
    }
    assert isinstance(bench.run(graph, "3").end, Done)
    (written,) = files_below(bench.folders.staging)
    with Image.open(photo) as source, Image.open(written) as made:
        expected = source.resize((30, 20), Image.Resampling.LANCZOS)
        assert made.tobytes() == expected.tobytes()


@pytest.mark.parametrize(("reader", "kind"), [(ImageScale, "Pictures"), (ImageInvert, "Tensor")])
def test_a_class_gets_pictures_only_if_it_takes_them(reader: type[Node], kind: str) -> None:
    given = Pictures((photograph(1, (9, 6)),))
    definition = node(reader.define_schema().class_type, image=["1", 0])
    inputs = resolve(definition, node_class(reader).schema, {"1": ([given],)})
    (image,) = inputs["image"]
    assert type(image).__name__ == kind
    assert image.shape == (1, 6, 9, 3)


def test_an_error_tells_the_size_of_pictures(bench: Bench, photo: Path) -> None:
    graph = {
        "1": node("LoadImage", image=photo.name),
        "2": node("SavePhoto", images=["1", 0], background="mauvish"),
    }
    error = bench.run(graph, "2").error
    assert error.inputs["images"] == ["IMAGE [1, 60, 90, 3] uint8"]


def test_pictures_are_weighed_by_their_pixels(bench: Bench, photo: Path) -> None:
    bench.run({"1": node("LoadImage", image=photo.name)}, "1")
    assert bench.cache.used > 90 * 60 * 4
