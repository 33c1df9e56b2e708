import math
from io import BytesIO

import torch
from PIL import Image

from hub.nodes.sending import SaveImageWebsocket
from hub.testing.nodes import NodeBench


def test_each_image_is_sent_whole_as_a_png(bench: NodeBench) -> None:
    images = torch.stack([torch.zeros(600, 700, 3), torch.ones(600, 700, 3)])
    assert bench.run(SaveImageWebsocket, images=images) == ()
    pictures = [Image.open(BytesIO(content)) for content in bench.previews]
    assert [(picture.format, picture.size) for picture in pictures] == [("PNG", (700, 600))] * 2
    assert [picture.getpixel((0, 0)) for picture in pictures] == [(0, 0, 0), (255, 255, 255)]
    assert bench.steps == [(1, 2), (2, 2)]
    assert bench.files == []


def test_it_is_carried_out_every_time(bench: NodeBench) -> None:
    assert math.isnan(bench.fingerprint(SaveImageWebsocket))
