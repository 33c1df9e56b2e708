"""What ComfyUI's editor asks of the server besides."""

import os

from hub.app import Hub
from hub.testing.inbox import png
from tests.web.client import Client
from tests.web.recorded import recorded_answer


async def test_features_are_told_over_http_too(client: Client) -> None:
    assert await client.get("/features") == (200, recorded_answer("features"))
    assert await client.get("/node_replacements") == (200, {})


async def test_files_of_a_folder_are_listed_newest_first(client: Client, hub: Hub) -> None:
    output = hub.configuration.folders.output
    for age, name in enumerate(("new.png", "older.png", "oldest.png")):
        (output / name).touch()
        os.utime(output / name, (1000 - age, 1000 - age))
    (output / "folder").mkdir()
    found = await client.get("/internal/files/output")
    assert found == (200, ["new.png", "older.png", "oldest.png"])
    assert (await client.get("/internal/files/models"))[0] == 400


async def test_folders_are_told_by_kind(client: Client, hub: Hub) -> None:
    _, folders = await client.get("/internal/folder_paths")
    assert folders["output"] == [str(hub.configuration.folders.output)]
    assert folders["loras"][0] == str(hub.configuration.folders.models / "loras")


async def test_model_files_are_listed_with_their_places(client: Client, hub: Hub) -> None:
    loras = hub.configuration.folders.models / "loras"
    loras.mkdir(parents=True)
    (loras / "a.safetensors").write_bytes(b"weights")
    (loras / "a.preview.png").write_bytes(png(size=(20, 10)))
    _, kinds = await client.get("/experiment/models")
    assert {
        "name": "loras",
        "folders": [str(loras), str(hub.configuration.folders.output / "loras")],
    } in kinds
    _, (file,) = await client.get("/experiment/models/loras")
    assert (file["name"], file["pathIndex"], file["size"]) == ("a.safetensors", 0, 7)
    preview = "/experiment/models/preview/loras"
    async with client.session.get(f"{preview}/0/a.safetensors") as response:
        assert (response.status, response.content_type) == (200, "image/webp")
    for path in ("0/b.safetensors", "9/a.safetensors", "0/..%2F..%2Fa.safetensors"):
        status, _ = await client.get(f"{preview}/{path}")
        assert (path, status in (403, 404)) == (path, True)
    assert (await client.get("/experiment/models/nosuch"))[0] == 404
