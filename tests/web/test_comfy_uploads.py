"""Files that ComfyUI's clients send."""

import io
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from PIL import Image, PngImagePlugin

from hub.app import Hub
from hub.testing.inbox import png
from tests.web.client import Client
from tests.web.recorded import recorded_case


async def upload(
    client: Client,
    content: bytes,
    *,
    name: str = "up.png",
    path: str = "/upload/image",
    **more: str,
) -> tuple[int, Any]:
    """Status and answer."""
    form = aiohttp.FormData(more, quote_fields=False)
    form.add_field("image", content, filename=name)
    async with client.session.post(path, data=form) as response:
        return response.status, await response.json()


def opaque(colour: str = "red", *, text: str | None = None, alpha: int | None = None) -> bytes:
    """A PNG of 4 × 4 pixels."""
    content, info = io.BytesIO(), PngImagePlugin.PngInfo()
    if text is not None:
        info.add_text("prompt", text)
    picture = Image.new("RGB", (4, 4), colour)
    if alpha is not None:
        picture.putalpha(alpha)
    picture.save(content, "PNG", pnginfo=info)
    return content.getvalue()


async def test_names_are_given_as_comfyui_gives_them(client: Client, hub: Hub) -> None:
    steps: dict[str, tuple[bytes, dict[str, str]]] = {
        "first": (b"one", {}),
        "same_again": (b"one", {}),
        "different_same_name": (b"two", {}),
        "overwrite": (b"three", {"overwrite": "true"}),
        "subfolder_temp": (b"one", {"subfolder": "sub", "type": "temp"}),
    }
    for case, (content, options) in steps.items():
        expected = (200, recorded_case("upload_image", case))
        assert (case, await upload(client, content, **options)) == (case, expected)
    folders = hub.configuration.folders
    assert (folders.input / "up.png").read_bytes() == b"three"
    assert (folders.input / "up (1).png").read_bytes() == b"two"
    assert (folders.temp / "sub" / "up.png").read_bytes() == b"one"
    assert {path.name for path in folders.input.iterdir()} == {"up (1).png", "up.png"}


async def test_an_uploaded_picture_can_be_chosen_and_used(client: Client) -> None:
    _, kept = await upload(client, png(), path="/api/upload/image")
    _, info = await client.get("/object_info/LoadImage")
    assert kept["name"] in info["LoadImage"]["input"]["required"]["image"][0]
    graph = {
        "1": {"class_type": "LoadImage", "inputs": {"image": kept["name"]}},
        "2": {"class_type": "SaveImage", "inputs": {"images": ["1", 0], "filename_prefix": "x"}},
    }
    assert (await client.post("/prompt", {"prompt": graph}))[0] == 200


async def test_no_upload_leads_out_of_its_folder(client: Client, hub: Hub, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (hub.configuration.folders.input / "link").symlink_to(outside)
    refused = [
        {"name": "../up.png"},
        {"name": "a/up.png"},
        {"name": ".."},
        {"name": "."},
        {"name": " "},
        {"name": "/"},
        {"name": "x" * 300},
        {"subfolder": "../other"},
        {"subfolder": "/tmp"},
        {"subfolder": "link"},
        {"type": "models"},
    ]
    for options in refused:
        status, _ = await upload(client, b"x", **options)
        assert (options, status) == (options, 400)
    assert list(outside.iterdir()) == []
    assert [path.name for path in hub.configuration.folders.input.iterdir()] == ["link"]


async def test_what_a_run_produced_is_never_overwritten(client: Client, hub: Hub) -> None:
    (hub.configuration.folders.output / "up.png").write_bytes(b"made")
    _, kept = await upload(client, b"sent", type="output", overwrite="1")
    assert kept["name"] == "up (1).png"
    assert (hub.configuration.folders.output / "up.png").read_bytes() == b"made"


@pytest.mark.parametrize("field", ["image", "other"])
async def test_a_form_without_file_is_refused(client: Client, field: str) -> None:
    async with client.session.post("/upload/image", data={field: "no file"}) as response:
        assert response.status == 400
    async with client.session.post("/upload/image", json={field: 1}) as response:
        assert response.status == 400


async def test_a_form_in_an_alphabet_that_nobody_knows_is_refused(client: Client) -> None:
    with aiohttp.MultipartWriter("form-data") as form:
        text = form.append(b"x", {"Content-Type": "text/plain; charset=nonsense"})
        text.set_content_disposition("form-data", name="subfolder")
    async with client.session.post("/upload/image", data=form) as response:
        assert response.status == 400
        assert "unknown encoding" in (await response.json())["error"]["message"]


async def test_a_mask_replaces_the_transparency_of_its_picture(client: Client, hub: Hub) -> None:
    await upload(client, opaque("red", text="how it was made"), name="original.png")
    reference = '{"filename": "original.png", "subfolder": "", "type": "input"}'
    mask = opaque("blue", alpha=77)
    status, kept = await upload(
        client, mask, name="mask.png", path="/upload/mask", original_ref=reference, subfolder="clip"
    )
    assert (status, kept) == (200, {"name": "mask.png", "subfolder": "clip", "type": "input"})
    with Image.open(hub.configuration.folders.input / "clip" / "mask.png") as made:
        assert made.getpixel((1, 1)) == (255, 0, 0, 77)
        assert made.info["prompt"] == "how it was made"


async def test_a_mask_needs_a_picture_of_its_size(client: Client, hub: Hub) -> None:
    (hub.configuration.folders.input / "large.png").write_bytes(png(size=(9, 9)))
    (hub.configuration.folders.input / "no.png").write_bytes(b"no picture")
    statuses = {
        "": 400,
        "[]": 400,
        '{"filename": 7}': 400,
        '{"filename": "../x"}': 400,
        '{"filename": "x", "subfolder": "../.."}': 403,
        '{"filename": "x", "type": "models"}': 400,
        '{"filename": "missing.png"}': 404,
        '{"filename": "large.png", "type": "input"}': 400,
        '{"filename": "no.png", "type": "input"}': 400,
    }
    for reference, expected in statuses.items():
        status, _ = await upload(
            client, opaque(alpha=1), path="/upload/mask", original_ref=reference
        )
        assert (reference, status) == (reference, expected)
