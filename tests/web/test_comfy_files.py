"""Files and node classes, as ComfyUI's clients fetch them."""

import io
import os

import pytest
from PIL import Image

from hub.app import Hub
from hub.testing.inbox import png
from tests.web.client import Client, content_of
from tests.web.configuration import plain_graph


async def fetch(client: Client, path: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and content."""
    async with client.session.get(path) as response:
        return response.status, dict(response.headers), await response.read()


async def test_an_output_is_fetched_under_the_name_that_its_run_told(client: Client) -> None:
    run = await client.run(plain_graph(filename_prefix="sub/plain"))
    query = "filename=plain_00001_.png&subfolder=sub&type=output"
    status, headers, content = await fetch(client, f"/view?{query}")
    assert (status, headers["Content-Type"]) == (200, "image/png")
    assert headers["Content-Disposition"] == 'filename="plain_00001_.png"'
    assert content == content_of(run["outputs"][0])


async def test_what_is_no_name_inside_the_folder_is_refused(client: Client, hub: Hub) -> None:
    output = hub.configuration.folders.output
    (output / "secret").symlink_to(hub.configuration.folders.config / "hub.yaml")
    statuses = {
        "": 404,
        "filename=": 400,
        "filename=../hub.sqlite": 400,
        "filename=/etc/passwd": 400,
        "filename=a%00b": 400,
        "filename=a&type=nosuch": 400,
        "filename=hub.sqlite&subfolder=..": 403,
        "filename=passwd&subfolder=/etc": 403,
        "filename=secret": 403,
        "filename=missing.png": 404,
    }
    for query, status in statuses.items():
        assert (query, (await fetch(client, f"/view?{query}"))[0]) == (query, status)


@pytest.mark.parametrize("name", ["page.html", "picture.svg", "code.js", "style.css"])
async def test_what_a_browser_would_carry_out_is_plain_bytes(
    client: Client, hub: Hub, name: str
) -> None:
    (hub.configuration.folders.output / name).write_text("<script>alert(1)</script>")
    _, headers, _ = await fetch(client, f"/view?filename={name}")
    assert headers["Content-Type"] == "application/octet-stream"


@pytest.mark.parametrize(
    ("query", "kind", "mode"),
    [
        ("preview=webp;90", "WEBP", "RGBA"),
        ("preview=jpeg", "JPEG", "RGB"),
        ("preview=jpeg;50&channel=rgba", "WEBP", "RGBA"),
        ("preview=nosuch;x&channel=rgb", "WEBP", "RGB"),
        ("channel=rgb", "PNG", "RGB"),
        ("channel=a", "PNG", "RGBA"),
        ("channel=nosuch", "PNG", "RGBA"),
    ],
)
async def test_a_picture_is_shown_in_another_format(
    client: Client, hub: Hub, query: str, kind: str, mode: str
) -> None:
    (hub.configuration.folders.input / "a.png").write_bytes(png(alpha=9))
    status, headers, content = await fetch(client, f"/view?filename=a.png&type=input&{query}")
    assert (status, headers["Content-Type"]) == (200, f"image/{kind.lower()}")
    with Image.open(io.BytesIO(content)) as picture:
        assert (picture.format, picture.mode) == (kind, mode)


async def test_what_is_no_picture_has_no_preview(client: Client, hub: Hub) -> None:
    (hub.configuration.folders.input / "a.txt").write_bytes(b"text")
    status, _, _ = await fetch(client, "/view?filename=a.txt&type=input&preview=webp")
    assert status == 400


async def test_an_annotation_names_the_folder(client: Client, hub: Hub) -> None:
    (hub.configuration.folders.input / "été\n.bin").write_bytes(b"mine")
    status, headers, content = await fetch(client, "/view?filename=%C3%A9t%C3%A9%0A.bin [input]")
    assert (status, content) == (200, b"mine")
    assert headers["Content-Disposition"] == "inline; filename*=UTF-8''%C3%A9t%C3%A9%0A.bin"


async def test_a_class_is_described_with_the_files_that_are_there(client: Client, hub: Hub) -> None:
    (hub.configuration.folders.input / os.fsdecode(b"caf\xe9.png")).touch()
    _, one = await client.get("/object_info/LoadImage")
    _, all_classes = await client.get("/object_info")
    choices = one["LoadImage"]["input"]["required"]["image"][0]
    assert [os.fsencode(name) for name in choices] == [b"caf\xe9.png"]
    assert one["LoadImage"] == all_classes["LoadImage"]


async def test_an_unknown_class_has_no_description(client: Client) -> None:
    assert await client.get("/object_info/NoSuchNode") == (200, {})
