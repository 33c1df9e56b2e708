"""The workflow that pictures and videos carry."""

import json
import os
from pathlib import Path

import av
import pytest
from PIL import Image, PngImagePlugin

from hub.probe.pool import NoWorkflowInside, ProbePool

PROMPT = json.dumps({"1": {"class_type": "Ä", "inputs": {}}})
EDITORS = json.dumps({"nodes": [], "links": []})


async def found(path: Path) -> str:
    async with ProbePool(size=1) as probe:
        return await probe.workflow(path)


async def test_a_png_tells_what_was_carried_out_rather_than_what_was_drawn(tmp_path: Path) -> None:
    texts = PngImagePlugin.PngInfo()
    texts.add_text("workflow", EDITORS)
    texts.add_text("prompt", PROMPT)
    Image.new("RGB", (4, 4)).save(tmp_path / "a.png", pnginfo=texts)
    assert await found(tmp_path / "a.png") == PROMPT


async def test_a_webp_has_it_in_its_exif_tags(tmp_path: Path) -> None:
    image = Image.new("RGB", (4, 4))
    exif = image.getexif()
    exif[0x010F] = f"workflow:{EDITORS}"
    image.save(tmp_path / "a.webp", exif=exif)
    assert await found(tmp_path / "a.webp") == EDITORS


@pytest.mark.parametrize("metadata", [{"prompt": PROMPT}, {"comment": f'{{"prompt": {PROMPT}}}'}])
async def test_a_video_has_it_in_its_container(tmp_path: Path, metadata: dict[str, str]) -> None:
    path = tmp_path / "a.mp4"
    with av.open(path, "w", options={"movflags": "use_metadata_tags"}) as container:
        container.metadata.update(metadata)
        stream = container.add_stream("mpeg4", rate=5)
        stream.width = stream.height = 16
        stream.pix_fmt = "yuv420p"
        for _ in range(2):
            picture = av.VideoFrame(16, 16, "yuv420p")
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))
    assert json.loads(await found(path)) == json.loads(PROMPT)


async def test_a_file_without_one_says_so(tmp_path: Path) -> None:
    Image.new("RGB", (4, 4)).save(tmp_path / "a.png")
    (tmp_path / "b.txt").write_bytes(os.urandom(100))
    for name in ("a.png", "b.txt", "missing.png"):
        with pytest.raises(NoWorkflowInside):
            await found(tmp_path / name)
